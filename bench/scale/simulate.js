// One simulated search: the search code of a run, on virtual workers and recorded trainings.
import { encodeCheckedJson } from '../../dist/core/checked-json.js';
import { searchAsynchronously } from '../../dist/evolution/asynchronous-search.js';
import { search } from '../../dist/evolution/search.js';
import { Trainer } from '../../dist/evolution/trainer.js';
import { initialAsynchronousState } from '../../dist/search/asynchronous/asynchronous-state.js';
import { terminationOf } from '../../dist/search/termination.js';
import { VirtualWorkers } from './virtual-workers.js';

/** Trains nothing: a training takes its seconds of virtual time, and ends with the loss that the recorded ones predict. */
class SimulatedTrainer extends Trainer {
  constructor(parts, workers, recorded, longer) {
    super(parts);
    this.workers = workers;
    this.recorded = recorded;
    this.longer = longer;
    this.trainings = 0;
  }

  get parallelism() {
    return this.workers.count;
  }

  async trainForFitness(jobs, { rung, repeat }, signal) {
    const { recorded, workers, longer } = this;
    const planned = workers.outside(() =>
      jobs.map(({ genome }, index) => {
        const hash = JSON.stringify(genome);
        const { seconds, ...scores } = recorded.training(genome, hash, rung, repeat);
        const evaluation = { status: 'ok', accuracy: Math.exp(-scores.loss), ...scores };
        return { index, evaluation, seconds: longer * seconds };
      }),
    );
    const evaluations = new Array(jobs.length).fill(undefined);
    const costliestFirst = planned.toSorted((a, b) => b.seconds - a.seconds);
    await Promise.all(
      costliestFirst.map(async ({ index, evaluation, seconds }) => {
        if (!(await workers.run(seconds, signal))) return;
        evaluations[index] = evaluation;
        this.trainings++;
      }),
    );
    return evaluations;
  }
}

/** Searches until the number of generations of the settings, and says what became of the time. */
export async function simulate({ settings, recorded, workers: count, asynchronous, longer }) {
  const workers = new VirtualWorkers(count);
  const own = { ...settings, asynchronous };
  const signal = new AbortController().signal;
  const splits = { fitnessValidation: new Uint32Array(0) };
  const trainer = new SimulatedTrainer(
    { settings: own, splits, signal, history: [], evaluator: {} },
    workers,
    recorded,
    longer,
  );
  const curve = [];
  let decisions = 0;
  const plan = {
    settings: own,
    trainer,
    termination: terminationOf({ generations: own.generations }),
    elapsedSeconds: () => workers.now,
    onGeneration: async ({ history }) => {
      const { hypervolume } = history.at(-1);
      curve.push({ seconds: workers.now, hypervolume, trainings: trainer.trainings });
    },
  };
  if (asynchronous) {
    const onEntry = async (entry) => {
      if (entry.type !== 'ended') decisions++;
      encodeCheckedJson(entry);
    };
    await searchAsynchronously({ ...plan, from: initialAsynchronousState(own), onEntry });
  } else {
    await search({ ...plan, purpose: 'fitness' });
    decisions = trainer.trainings;
  }
  const { now: seconds, coordinatorSeconds } = workers;
  return {
    form: asynchronous ? 'asynchronous' : 'generations',
    workers: count,
    population: own.population,
    trainings: trainer.trainings,
    meanTrainingSeconds: workers.busySeconds / trainer.trainings,
    seconds,
    busyShare: workers.busyShare,
    decisionMilliseconds: (1000 * coordinatorSeconds) / decisions,
    curve,
  };
}
