import type { Score } from '../objective.ts';
import type { Proposal } from '../search-state.ts';

/** A training of an asynchronous search. */
export interface Training {
  /** Its number, from 0, in the order of starting. */
  readonly training: number;
  /** Of the genome. */
  readonly hash: string;
  /** The rung that it goes to, and the one that it continues from; −1: from scratch. */
  readonly rung: number;
  readonly from: number;
  /** Number of its seed; 0 is the one that all genomes share. */
  readonly repeat: number;
  /** Number of the generations that had ended. */
  readonly generation: number;
}

/** What an asynchronous search decides: to breed children, or to start a training. */
export type Decision = {
  /** Number of the results that it knew, which are the ones above it in the log. */
  readonly known: number;
} & (
  | { readonly type: 'bred'; readonly proposals: readonly Proposal[] }
  | ({ readonly type: 'started' } & Training)
);

/** The end of a training; without a score, it failed. */
export interface Result {
  readonly type: 'ended';
  readonly training: number;
  readonly score: Score | null;
}

/**
 * What happened in an asynchronous search. The entries in their order are its log, plain data from which all of its course
 * follows: no other value depends on when a result arrived.
 */
export type LogEntry = (Decision | Result) & {
  /** Seconds since the run began, without the pauses between its processes. */
  readonly seconds: number;
};
