import { EvopatchError } from '../../core/errors.ts';
import type { GenerationPlan, Rung } from '../ladder.ts';
import { type FitnessCost, initialProgress, type SearchProgress } from '../search-progress.ts';
import type { Individual, Proposal, SearchSettings } from '../search-state.ts';
import type { Training } from './log-entry.ts';

/** What an asynchronous search takes besides the settings that breeding needs. */
export interface AsynchronousSettings extends SearchSettings {
  /** The rungs of the fitness training, the lowest first. */
  readonly ladder: readonly Rung[];
  readonly plans: readonly GenerationPlan[];
  /** Maximum seeds that a member of the front is trained with. */
  readonly repeats: number;
}

/** A training under way. */
export interface OpenTraining extends Training {
  readonly proposal: Proposal;
  /** The genome with its score so far, where it has one. */
  readonly below?: Individual;
}

/** A child that has ended its first training, and may be promoted. */
export interface Child {
  readonly individual: Individual;
  /** Number of the generations that had ended when its first training ended. */
  readonly generation: number;
  /** Whether its training to the next rung has been started. */
  readonly isPromoted: boolean;
}

/** The end of a child's training, before survival has seen it. */
export interface Arrival {
  readonly proposal: Proposal;
  readonly isFirst: boolean;
  /** `null`: it failed. */
  readonly individual: Individual | null;
}

/**
 * Where an asynchronous search is: plain data. In `progress.state` the number of the generation is that of the brood, and
 * `seen` includes children that have not been trained.
 */
export interface AsynchronousState {
  /** What breeding knows, and the generations that have ended: each is as many children as a generation has, trained once. */
  readonly progress: SearchProgress;
  /** Bred, and not yet trained. */
  readonly nursery: readonly Proposal[];
  readonly open: readonly OpenTraining[];
  /** Results that survival has not seen, in the order of their arrival. */
  readonly arrivals: readonly Arrival[];
  /** The children of this generation and the one before that may be promoted. */
  readonly children: readonly Child[];
  /** For each rung, the trainings that ended there and the children that were promoted from it. */
  readonly seats: readonly { readonly ended: number; readonly taken: number }[];
  /** Members of the front to train with a further seed. */
  readonly repeats: readonly Individual[];
  /** Numbers of the trainings that were started and that ended. */
  readonly started: number;
  readonly ended: number;
  /** Of the generation that has not ended: its children with a first result, and what it took so far. */
  readonly trained: number;
  readonly cost: FitnessCost;
  /** When the last generation ended, in seconds of the run. */
  readonly seconds: number;
}

export const NO_COST: FitnessCost = { evaluations: 0, failures: 0, samplesSeen: 0 };

/** The state before anything happened. */
export function initialAsynchronousState({ topRung }: Pick<SearchSettings, 'topRung'>): AsynchronousState {
  return {
    progress: initialProgress,
    nursery: [],
    open: [],
    arrivals: [],
    children: [],
    seats: Array.from({ length: topRung + 1 }, () => ({ ended: 0, taken: 0 })),
    repeats: [],
    started: 0,
    ended: 0,
    trained: 0,
    cost: NO_COST,
    seconds: 0,
  };
}

/** @throws EvopatchError `INVALID_RUN`: the entries of a log do not follow from one another. */
export function refuseLog(problem: string, given: unknown): never {
  throw new EvopatchError('INVALID_RUN', `the log of the search contradicts itself: ${problem}`, { given });
}
