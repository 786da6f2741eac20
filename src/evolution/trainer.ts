import { EvopatchError } from '../core/errors.ts';
import { networkTeacher } from '../distillation/network-teacher.ts';
import type { Evaluation, FailedEvaluation, TrainingRequest } from '../fitness/evaluation.ts';
import { latencyOf } from '../fitness/latency.ts';
import type { StoredEvaluator } from '../fitness/stored-evaluator.ts';
import { genomeHash } from '../genome/canonical.ts';
import type { Genome } from '../genome/genome.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from '../nn/engine.ts';
import type { Network } from '../nn/network.ts';
import type { Teacher } from '../nn/teacher.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import { CONTROLS } from '../run/result.ts';
import type { RunFolder } from '../run/run-folder.ts';
import type { EvaluationRecord, EvolutionEvent, GenerationRecord, Progress } from '../search/events.ts';
import { plannedEvaluations, samplesSeen } from '../search/ladder.ts';
import type { RunSplits } from './splits.ts';

type Budget = Pick<TrainingRequest, 'stages' | 'validation' | 'seed' | 'keepWeights' | 'keepState'>;
type Purpose = EvaluationRecord['purpose'];
interface Candidate {
  readonly spec: NetworkSpec;
  readonly genome?: Genome;
  /** What its first stages came to, where that is at hand. */
  readonly done?: TrainingRequest['done'];
}

/** Where a fitness evaluation belongs. */
export interface FitnessPlace {
  readonly generation: number;
  /** The rung that it goes on from; −1 where it starts anew. */
  readonly from: number;
  readonly rung: number;
  /** Number of its seed; 0 is the one that all evaluations of a run share. */
  readonly repeat: number;
}

/** An event that has yet to be told how far the run is. */
type Happening = EvolutionEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'progress'>
    : never
  : never;

/**
 * Has networks trained for a run and tells of it: to the history, to the listener, and in its counts. Once the signal
 * says so it gives `undefined` for what has not been trained.
 */
export class Trainer {
  readonly #settings: EvolveSettings;
  readonly #evaluator: StoredEvaluator;
  readonly #splits: RunSplits;
  readonly #folder: RunFolder | undefined;
  readonly #engine: Engine;
  readonly #teacher: Teacher | undefined;
  /** What networks learn from in full where the run has no teacher. */
  #finalTeacher: Teacher | undefined;
  readonly #signal: AbortSignal;
  /** Training runs planned in all, as far as that can be known. */
  total: number;
  completed = 0;
  failures = 0;
  seconds: number;
  /** Of the fitness evaluations alone: how many, those that failed, the samples they saw (one that goes on from a rung counted from there). */
  readonly fitness = { evaluations: 0, failures: 0, samplesSeen: 0 };
  lastFailure: FailedEvaluation | undefined;
  /** What the fitness evaluations are recorded as. */
  purpose: 'fitness' | 'random-search' = 'fitness';

  constructor(
    settings: EvolveSettings,
    evaluator: StoredEvaluator,
    splits: RunSplits,
    folder: RunFolder | undefined,
    engine: Engine,
    signal: AbortSignal,
    teacher?: Teacher,
  ) {
    this.#settings = settings;
    this.#evaluator = evaluator;
    this.#splits = splits;
    this.#folder = folder;
    this.#engine = engine;
    this.#teacher = teacher;
    this.#signal = signal;
    this.seconds = folder?.history.trainingSeconds ?? 0;
    const { generations, finalists, baseline, control, controls } = settings;
    this.total = finalists + Number(baseline) + Number(control) + (controls ? CONTROLS.length : 0);
    for (let index = 0; index < generations; index++) this.total += plannedEvaluations(index, settings);
  }

  get stopped(): boolean {
    return this.#signal.aborted;
  }

  get progress(): Progress {
    return { completed: this.completed, total: this.total };
  }

  /** Counts the generations that an earlier process of the run ended. */
  countKnown(history: readonly GenerationRecord[]): void {
    for (const { index, evaluations, failures } of history) {
      this.completed += evaluations;
      this.failures += failures;
      this.total += evaluations - plannedEvaluations(index, this.#settings);
    }
  }

  emit(happening: Happening): void {
    this.#settings.onEvent({ ...happening, progress: this.progress });
  }

  /**
   * Fitness evaluations up to a rung. All of a run train on the same samples from the same seed (common random numbers), so
   * that genomes of different generations compare; only repeats have seeds of their own.
   */
  async trainForFitness(
    jobs: readonly { readonly genome: Genome; readonly done?: TrainingRequest['done'] }[],
    place: FitnessPlace,
  ): Promise<(Evaluation | undefined)[]> {
    const { fitnessRungs, fitnessValidation, fitnessBatch: batchSize } = this.#splits;
    const { ladder, fitness, topRung } = this.#settings;
    const { samples: _, ...config } = fitness;
    const stages = ladder.slice(0, place.rung + 1).map(({ epochs }, rung) => {
      return { training: fitnessRungs[rung], config: { ...config, epochs, batchSize } };
    });
    const seed = `${this.#settings.seed}/fitness${place.repeat === 0 ? '' : ` ${place.repeat}`}`;
    const keepState = place.rung < topRung;
    const budget = { stages, validation: fitnessValidation, seed, keepWeights: false, keepState };
    if (this.purpose === 'random-search') this.total += jobs.length; // nobody knows beforehand how many it takes
    const evaluations = await this.#train(this.purpose, jobs.map(this.#candidate), budget, place);
    for (const evaluation of evaluations) {
      if (evaluation === undefined) continue;
      this.fitness.evaluations++;
      this.fitness.samplesSeen += samplesSeen(ladder, place.from, place.rung);
      if (evaluation.status === 'ok') continue;
      this.fitness.failures++;
      this.lastFailure = evaluation;
    }
    return evaluations;
  }

  /** Milliseconds a face on one core; a measurement, so not the same twice. */
  latencyOf(genome: Genome): number {
    return latencyOf(this.#engine, toNetworkSpec(genome, this.#settings.bounds));
  }

  /** Training by the final recipe on all training rows, measured on the validation rows. */
  trainInFull(
    purpose: Exclude<Purpose, 'fitness' | 'random-search'>,
    candidates: readonly Candidate[],
  ): Promise<(Evaluation | undefined)[]> {
    const { training, validation, finalBatch: batchSize } = this.#splits;
    const { samples: _, ...config } = this.#settings.final;
    const seed = `${this.#settings.seed}/final`;
    return this.#train(purpose, candidates, {
      stages: [{ training, config: { ...config, batchSize } }],
      validation,
      seed,
      keepWeights: purpose === 'final' || purpose === 'baseline',
    });
  }

  /** Lets the finalists and the controls learn from a network, unless the run has a teacher. */
  teachInFull(network: Network): void {
    if (this.#teacher === undefined) this.#finalTeacher = networkTeacher(network, this.#settings.dataset);
  }

  #teacherFor(purpose: Purpose): Teacher | undefined {
    if (purpose === 'baseline') return undefined;
    const inFull = purpose === 'final' || purpose === 'control';
    return this.#teacher ?? (inFull ? this.#finalTeacher : undefined);
  }

  readonly #candidate = ({ genome, done }: Pick<Candidate, 'done'> & { genome: Genome }): Candidate => {
    return { genome, done, spec: toNetworkSpec(genome, this.#settings.bounds) };
  };

  async #train(
    purpose: Purpose,
    candidates: readonly Candidate[],
    budget: Budget,
    place?: FitnessPlace,
  ): Promise<(Evaluation | undefined)[]> {
    const evaluations = new Array<Evaluation | undefined>(candidates.length).fill(undefined);
    const teacher = this.#teacherFor(purpose);
    const requests = candidates.map(({ spec, done }) => ({ spec, done, teacher, ...budget }));
    try {
      const alone = purpose === 'final' || purpose === 'control'; // the search is over then
      for await (const report of this.#evaluator.evaluate(requests, { signal: this.#signal, alone })) {
        const { index, key, evaluation, seconds } = report;
        evaluations[index] = evaluation;
        this.completed++;
        this.seconds += seconds;
        if (evaluation.status === 'failed') this.failures++;
        const record = { ...recordOf(purpose, place, index, candidates[index], evaluation, seconds), key };
        await this.#folder?.append(record, evaluation);
        this.emit({ type: 'evaluation', evaluation: record });
      }
    } catch (cause) {
      const stopped = this.stopped && cause instanceof EvopatchError && cause.code === 'ABORTED';
      if (!stopped) throw cause;
    }
    return evaluations;
  }
}

function recordOf(
  purpose: Purpose,
  at: FitnessPlace | undefined,
  index: number,
  { spec, genome }: Candidate,
  evaluation: Evaluation,
  seconds: number,
): Omit<EvaluationRecord, 'key'> {
  const network = genome === undefined ? spec.name : genomeHash(genome);
  const place = { purpose, generation: at?.generation, rung: at?.rung, repeat: at?.repeat, index, network };
  const rounded = Math.round(seconds * 1000) / 1000;
  if (evaluation.status === 'failed') return { ...place, ...evaluation, seconds: rounded, genome };
  const { status, loss, accuracy, parameters, macs } = evaluation;
  return { ...place, status, loss, accuracy, parameters, macs, seconds: rounded, genome };
}
