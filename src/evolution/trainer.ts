import { EvopatchError } from '../core/errors.ts';
import type { Evaluation, TrainingRequest } from '../fitness/evaluation.ts';
import type { Evaluator } from '../fitness/evaluator.ts';
import { genomeHash } from '../genome/canonical.ts';
import type { Genome } from '../genome/genome.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { EvaluationRecord, EvolutionEvent, Progress } from './events.ts';
import type { EvolveSettings } from './options.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunSplits } from './splits.ts';

type Budget = Pick<TrainingRequest, 'stages' | 'validation' | 'seed' | 'keepWeights'>;
type Purpose = EvaluationRecord['purpose'];
interface Candidate {
  readonly spec: NetworkSpec;
  readonly genome?: Genome;
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
  readonly #evaluator: Evaluator;
  readonly #splits: RunSplits;
  readonly #folder: RunFolder | undefined;
  readonly #signal: AbortSignal;
  /** Training runs planned in all. */
  total: number;
  completed = 0;
  failures = 0;
  seconds = 0;

  constructor(
    settings: EvolveSettings,
    evaluator: Evaluator,
    splits: RunSplits,
    folder: RunFolder | undefined,
    signal: AbortSignal,
  ) {
    this.#settings = settings;
    this.#evaluator = evaluator;
    this.#splits = splits;
    this.#folder = folder;
    this.#signal = signal;
    const { population, generations, finalists, baseline, control } = settings;
    this.total = population * generations + finalists + Number(baseline) + Number(control);
  }

  get stopped(): boolean {
    return this.#signal.aborted;
  }

  get progress(): Progress {
    return { completed: this.completed, total: this.total };
  }

  emit(happening: Happening): void {
    this.#settings.onEvent({ ...happening, progress: this.progress });
  }

  /**
   * Fitness evaluations. All of a run train on the same samples from the same seed (common random numbers), so that
   * genomes of different generations compare.
   */
  trainForFitness(genomes: readonly Genome[], generation: number): Promise<(Evaluation | undefined)[]> {
    const { fitnessTraining, fitnessValidation } = this.#splits;
    const { samples: _, ...config } = this.#settings.fitness;
    const seed = `${this.#settings.seed}/fitness`;
    const budget = {
      stages: [{ training: fitnessTraining, config }],
      validation: fitnessValidation,
      seed,
      keepWeights: false,
    };
    return this.#train('fitness', genomes.map(this.#candidate), budget, generation);
  }

  /** Training by the final recipe on all training rows, measured on the validation rows. */
  trainInFull(
    purpose: Exclude<Purpose, 'fitness'>,
    candidates: readonly Candidate[],
  ): Promise<(Evaluation | undefined)[]> {
    const { training, validation } = this.#splits;
    const { samples: _, ...config } = this.#settings.final;
    const seed = `${this.#settings.seed}/final`;
    return this.#train(purpose, candidates, {
      stages: [{ training, config }],
      validation,
      seed,
      keepWeights: purpose === 'final',
    });
  }

  readonly #candidate = (genome: Genome): Candidate => {
    return { genome, spec: toNetworkSpec(genome, this.#settings.bounds) };
  };

  async #train(
    purpose: Purpose,
    candidates: readonly Candidate[],
    budget: Budget,
    generation?: number,
  ): Promise<(Evaluation | undefined)[]> {
    const evaluations = new Array<Evaluation | undefined>(candidates.length).fill(undefined);
    const requests = candidates.map(({ spec }) => ({ spec, ...budget }));
    try {
      for await (const report of this.#evaluator.evaluate(requests, { signal: this.#signal })) {
        const { index, evaluation, seconds } = report;
        evaluations[index] = evaluation;
        this.completed++;
        this.seconds += seconds;
        if (evaluation.status === 'failed') this.failures++;
        const record = recordOf(purpose, generation, index, candidates[index], evaluation, seconds);
        this.#folder?.append(record);
        this.emit({ type: 'evaluation', evaluation: record });
      }
    } catch (cause) {
      const stopped = this.stopped && cause instanceof EvopatchError && cause.code === 'ABORTED';
      if (!stopped) throw cause;
    }
    await this.#folder?.settled();
    return evaluations;
  }
}

function recordOf(
  purpose: Purpose,
  generation: number | undefined,
  index: number,
  { spec, genome }: Candidate,
  evaluation: Evaluation,
  seconds: number,
): EvaluationRecord {
  const network = genome === undefined ? spec.name : genomeHash(genome);
  const place = { purpose, generation, index, network };
  const rounded = Math.round(seconds * 1000) / 1000;
  if (evaluation.status === 'failed') return { ...place, ...evaluation, seconds: rounded, genome };
  const { status, loss, accuracy, parameters, macs } = evaluation;
  return { ...place, status, loss, accuracy, parameters, macs, seconds: rounded, genome };
}
