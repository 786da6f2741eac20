import type { EvolutionEvent, GenerationMember, GenerationRecord, Progress } from '../search/events.ts';
import type { Measurement } from '../search/measurement.ts';

/** What a run is at. */
export type Phase = 'search' | 'finalists' | 'random search' | 'controls';

/** How many genomes of a generation have been trained on a rung, of how many, where that is known. */
export interface RungCount {
  readonly trained: number;
  readonly promoted?: number;
}

/** Where a run is, gathered from its events. */
export interface RunStatus {
  readonly phase: Phase;
  readonly progress: Progress;
  /** Generations planned in all. */
  readonly generations: number;
  readonly history: readonly GenerationRecord[];
  /** Of the generation under way, by the number of the rung; those that it passes over are left out. */
  readonly rungs: Readonly<Record<number, RungCount>>;
  readonly failures: number;
  readonly baseline?: Measurement;
  /** Trainings that ended since the display began and were not known before, and when the last ones did, seconds. */
  readonly trained: number;
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

/** What the rate of trainings is the mean of, seconds. */
export const RATE_WINDOW = 60;

/** @param now seconds since the display began */
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
      return { ...status, rungs: { ...status.rungs, [rung]: { trained: 0, promoted: promoted.length } } };
    }
    case 'generation':
      return { ...status, history: [...status.history, event.generation], rungs: {} };
    case 'baseline':
      return { ...status, baseline: event.baseline };
    default:
      return status;
  }
}

/** The most exact member of the front within a number of parameters. */
export function bestWithin({ history }: RunStatus, parameters: number): GenerationMember | undefined {
  const front = history.at(-1)?.front ?? [];
  return front.filter((member) => member.parameters <= parameters).sort((a, b) => a.loss - b.loss)[0];
}

/** Trainings a second of late, and the seconds that the rest may take; `undefined` before that can be told. */
export function paceOf(
  { recent, trained, progress: { completed, total } }: RunStatus,
  now: number,
): { readonly rate?: number; readonly left?: number } {
  const late = recent.filter((time) => time > now - RATE_WINDOW);
  if (trained < FEWEST_FOR_PACE || late.length === 0) return {};
  return { rate: late.length / Math.min(now, RATE_WINDOW), left: (now / trained) * (total - completed) };
}

/** Before so many networks have been trained, the pace is anybody's guess. */
const FEWEST_FOR_PACE = 4;

const PHASES = {
  baseline: undefined,
  fitness: 'search',
  final: 'finalists',
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
