import { EvopatchError } from '../core/errors.ts';
import type { Evaluation, TrainingRequest } from '../fitness/evaluation.ts';
import { latencyOf } from '../fitness/latency.ts';
import type { StoredEvaluator } from '../fitness/stored-evaluator.ts';
import type { Genome } from '../genome/genome.ts';
import { genomeHash } from '../genome/genome-hash.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from '../nn/engine.ts';
import type { Teacher } from '../nn/teacher.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import type { RunFolder } from '../run/run-folder.ts';
import type { EvaluationRecord, EvolutionEvent, GenerationRecord, Progress } from '../search/events.ts';
import type { FitnessCost } from '../search/search-progress.ts';
import { finalStages } from './final-stages.ts';
import { plannedTrainings, type RunCourse } from './planned-trainings.ts';
import type { RunSplits } from './splits.ts';

interface Budget extends Omit<TrainingRequest, 'spec' | 'done' | 'stages'> {
  readonly stages: (spec: NetworkSpec) => TrainingRequest['stages'];
}
type Purpose = EvaluationRecord['purpose'];
export type FitnessPurpose = Extract<Purpose, 'fitness' | 'random-search' | 'shrinking'>;
interface Candidate {
  readonly spec: NetworkSpec;
  readonly genome?: Genome;
  /** The state after its first stages, where that is at hand. */
  readonly done?: TrainingRequest['done'];
}

/** The part of a search that a fitness evaluation belongs to. */
export interface FitnessStep {
  readonly purpose: FitnessPurpose;
  readonly generation: number;
  readonly rung: number;
  /** Number of its seed; 0 is the one that all evaluations of a run share. */
  readonly repeat: number;
}

/** An event without the progress of the run. */
type BareEvent = EvolutionEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'progress'>
    : never
  : never;

/** What a trainer works with. */
interface TrainerParts {
  readonly settings: EvolveSettings;
  readonly evaluator: StoredEvaluator;
  readonly splits: RunSplits;
  /** Where trainings are recorded; a run without a folder records none. */
  readonly folder?: RunFolder;
  readonly engine: Engine;
  readonly signal: AbortSignal;
  /** The teacher of all networks but the baseline, where the options name one. */
  readonly teacher?: Teacher;
  /** The generations that an earlier process of the run ended. */
  readonly history: readonly GenerationRecord[];
  /** What it took of a generation that has not ended. */
  readonly begun?: Pick<FitnessCost, 'evaluations' | 'failures'>;
}

/**
 * Trains the networks of a run, and records, counts and reports each training. Once the signal is aborted it gives
 * `undefined` for networks that have not been trained.
 */
export class Trainer {
  readonly parts: TrainerParts;
  #course: RunCourse;
  #total: number;
  completed: number;
  failures: number;
  seconds: number;

  constructor(parts: TrainerParts) {
    const { settings, folder, history, begun } = parts;
    this.parts = parts;
    this.seconds = folder?.history.trainingSeconds ?? 0;
    const ended = begun === undefined ? history : [...history, begun];
    this.completed = ended.reduce((sum, { evaluations }) => sum + evaluations, 0);
    this.failures = ended.reduce((sum, { failures }) => sum + failures, 0);
    this.#course = { history, isSearched: false, finalists: settings.finalists, unplanned: 0 };
    this.#total = plannedTrainings(settings, this.#course);
  }

  get stopped(): boolean {
    return this.parts.signal.aborted;
  }

  /** Number of trainings that can be under way at a time; that of a queue changes. */
  get parallelism(): number {
    const { evaluator, settings } = this.parts;
    return Math.max(1, evaluator.parallelism ?? settings.workers);
  }

  /** Takes note of what is now known about the course of the run, from which its progress follows. */
  note(course: Partial<RunCourse>): void {
    this.#course = { ...this.#course, ...course };
    this.#total = plannedTrainings(this.parts.settings, this.#course);
  }

  /** Adds trainings whose number nobody knew before. */
  noteUnplanned(trainings: number): void {
    this.note({ unplanned: this.#course.unplanned + trainings });
  }

  emit(event: BareEvent): void {
    const progress: Progress = { completed: this.completed, total: this.#total };
    this.parts.settings.onEvent({ ...event, progress });
  }

  /**
   * Trains genomes up to a rung. All fitness evaluations of a run train on the same samples from the same seed (common
   * random numbers), so that genomes of different generations compare; only repeats have seeds of their own.
   *
   * @param signal gives up these trainings alone. @defaultValue the run's
   */
  async trainForFitness(
    jobs: readonly { readonly genome: Genome; readonly done?: TrainingRequest['done'] }[],
    step: FitnessStep,
    signal?: AbortSignal,
  ): Promise<(Evaluation | undefined)[]> {
    const { settings, splits, teacher } = this.parts;
    const { fitnessRungs, fitnessValidation, fitnessBatch: batchSize } = splits;
    const { samples: _, ...config } = settings.fitness;
    const stages = settings.ladder.slice(0, step.rung + 1).map(({ epochs }, rung) => {
      return { training: fitnessRungs[rung], config: { ...config, epochs, batchSize } };
    });
    const seed = `${settings.seed}/fitness${step.repeat === 0 ? '' : ` ${step.repeat}`}`;
    const keepState = step.rung < settings.topRung && step.purpose !== 'shrinking';
    if (step.purpose !== 'fitness') this.noteUnplanned(jobs.length);
    const candidates = jobs.map(({ genome, done }) => {
      return { genome, done, spec: toNetworkSpec(genome, settings.bounds) };
    });
    const budget = {
      stages: () => stages,
      validation: fitnessValidation,
      teacher,
      seed,
      keepWeights: false,
      keepState,
    };
    return await this.#train(step.purpose, candidates, budget, step, signal);
  }

  /** Milliseconds per face on one core; measured, so it varies from call to call. */
  latencyOf(genome: Genome): number {
    return latencyOf(this.parts.engine, toNetworkSpec(genome, this.parts.settings.bounds));
  }

  /** Trains networks by the final recipe on all training rows, and measures them on the validation rows. */
  trainInFull(
    purpose: Exclude<Purpose, FitnessPurpose>,
    candidates: readonly Candidate[],
    teacher?: Teacher,
  ): Promise<(Evaluation | undefined)[]> {
    const { settings, splits } = this.parts;
    return this.#train(purpose, candidates, {
      stages: (spec) => finalStages(spec, settings, splits),
      validation: splits.validation,
      teacher,
      seed: `${settings.seed}/final`,
      keepWeights: purpose === 'final' || purpose === 'baseline',
    });
  }

  async #train(
    purpose: Purpose,
    candidates: readonly Candidate[],
    budget: Budget,
    step?: FitnessStep,
    signal = this.parts.signal,
  ): Promise<(Evaluation | undefined)[]> {
    const { evaluator, folder } = this.parts;
    const evaluations = new Array<Evaluation | undefined>(candidates.length).fill(undefined);
    const requests = candidates.map(({ spec, done }) => {
      return { ...budget, spec, done, stages: budget.stages(spec) };
    });
    try {
      const alone = purpose === 'final' || purpose === 'control'; // the search is over then
      for await (const report of evaluator.evaluate(requests, { signal, alone })) {
        const { index, key, evaluation, seconds } = report;
        evaluations[index] = evaluation;
        this.completed++;
        this.seconds += seconds;
        if (evaluation.status === 'failed') this.failures++;
        const record = { ...recordOf(purpose, step, index, candidates[index], evaluation, seconds), key };
        await folder?.append(record, evaluation);
        this.emit({ type: 'evaluation', evaluation: record });
      }
    } catch (cause) {
      const stopped = signal.aborted && cause instanceof EvopatchError && cause.code === 'ABORTED';
      if (!stopped) throw cause;
    }
    return evaluations;
  }
}

function recordOf(
  purpose: Purpose,
  step: FitnessStep | undefined,
  index: number,
  { spec, genome }: Candidate,
  evaluation: Evaluation,
  seconds: number,
): Omit<EvaluationRecord, 'key'> {
  const network = genome === undefined ? spec.name : genomeHash(genome);
  const { generation, rung, repeat } = step ?? {};
  const position = { purpose, generation, rung, repeat, index, network };
  const rounded = Math.round(seconds * 1000) / 1000;
  if (evaluation.status === 'failed') return { ...position, ...evaluation, seconds: rounded, genome };
  const { status, loss, accuracy, parameters, macs } = evaluation;
  return { ...position, status, loss, accuracy, parameters, macs, seconds: rounded, genome };
}
