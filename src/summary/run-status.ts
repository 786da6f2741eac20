import type { EvolutionEvent, GenerationMember, GenerationRecord, Progress } from '../search/events.ts';
import type { Measurement } from '../search/measurement.ts';

/** The phase of a run. */
export type Phase = 'search' | 'finalists' | 'random search' | 'controls';

/** Genomes of a generation that have been trained on a rung, of how many where that is known. */
export interface RungCount {
  readonly trained: number;
  readonly promoted?: number;
}

/** The state of a run, gathered from its events. */
export interface RunStatus {
  readonly phase: Phase;
  readonly progress: Progress;
  /** Generations planned in all. */
  readonly generations: number;
  readonly history: readonly GenerationRecord[];
  /** Of the current generation, by the number of the rung; rungs that it skips are left out. */
  readonly rungs: Readonly<Record<number, RungCount>>;
  readonly failures: number;
  readonly baseline?: Measurement;
  /** Trainings that ended since the display started, without those known from before. */
  readonly trained: number;
  /** When the last of them ended, seconds since the display started. */
  readonly recent: readonly number[];
}

export const initialStatus: RunStatus = {
  phase: 'search',
  progress: { completed: 0, total: 0 },
  generations: 0,
  history: [],
  rungs: {},
  failures: 0,
  trained: 0,
  recent: [],
};

/** The rate of trainings is the mean over this time, seconds. */
export const RATE_WINDOW = 60;

/** Updates the state after an event. @param now seconds since the display started */
export function statusAfter(before: RunStatus, event: EvolutionEvent, now: number): RunStatus {
  const status = { ...before, progress: event.progress };
  switch (event.type) {
    case 'start': {
      const { generations, history } = event;
      return { ...status, generations, history, failures: sumOf(history.map(({ failures }) => failures)) };
    }
    case 'evaluation':
      return afterEvaluation(status, event.evaluation, now);
    case 'promotion': {
      const { rung, promoted } = event.promotion;
      const { trained, promoted: before = 0 }: RungCount = status.rungs[rung] ?? { trained: 0 };
      const updated = { trained, promoted: before + promoted.length };
      return { ...status, rungs: { ...status.rungs, [rung]: updated } };
    }
    case 'generation':
      return { ...status, history: [...status.history, event.generation], rungs: {} };
    case 'baseline':
      return { ...status, baseline: event.baseline };
    default:
      return status;
  }
}

/** Finds the member of the front with the lowest loss among those with at most this number of parameters. */
export function bestWithin({ history }: RunStatus, parameters: number): GenerationMember | undefined {
  const front = history.at(-1)?.front ?? [];
  return front.filter((member) => member.parameters <= parameters).sort((a, b) => a.loss - b.loss)[0];
}

/** Measures recent trainings per second, and estimates the seconds left; both are missing while they are unknown. */
export function paceOf(
  { recent, trained, progress: { completed, total } }: RunStatus,
  now: number,
): { readonly rate?: number; readonly left?: number } {
  const counted = recent.filter((time) => time > now - RATE_WINDOW);
  if (trained < MIN_TRAINED_FOR_PACE || counted.length === 0) return {};
  return { rate: counted.length / Math.min(now, RATE_WINDOW), left: (now / trained) * (total - completed) };
}

/** The pace is unknown until this many networks are trained. */
const MIN_TRAINED_FOR_PACE = 4;

const PHASES = {
  baseline: undefined,
  fitness: 'search',
  final: 'finalists',
  shrinking: 'finalists',
  'random-search': 'random search',
  control: 'controls',
} as const;

function afterEvaluation(
  status: RunStatus,
  {
    purpose,
    rung,
    repeat,
    status: outcome,
    seconds,
  }: (EvolutionEvent & { type: 'evaluation' })['evaluation'],
  now: number,
): RunStatus {
  const { rungs, recent, trained, failures } = status;
  const counts = purpose === 'fitness' && repeat === 0 && rung !== undefined;
  const known = seconds === 0; // from an earlier process, or another run
  return {
    ...status,
    phase: PHASES[purpose] ?? status.phase,
    rungs: counts ? { ...rungs, [rung]: oneMore(rungs[rung]) } : rungs,
    failures: failures + (outcome === 'failed' ? 1 : 0),
    trained: trained + (known ? 0 : 1),
    recent: known ? recent : [...recent.filter((time) => time > now - RATE_WINDOW), now],
  };
}

function oneMore(count: RungCount = { trained: 0 }): RungCount {
  return { ...count, trained: count.trained + 1 };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
