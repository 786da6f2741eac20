import type { GenomeBounds } from '../genome/bounds.ts';
import type { Genome } from '../genome/genome.ts';
import type { GenomeOperator } from '../genome/operators.ts';
import { succeeded } from './dominance.ts';
import type { Objective, Score } from './objective.ts';
import type { OperatorCredit } from './operator-rates.ts';

/**
 * Where a search is: plain data, so that a checkpoint is the state itself. A sampler's `ask` proposes the genomes of a
 * generation from it, `tell` takes their scores and gives the next one.
 */
export interface SearchState {
  /** Number of the generation that `ask` proposes. */
  readonly generation: number;
  /** The individuals that may have children; none has failed. */
  readonly population: readonly Individual[];
  /** The non-dominated individuals of all that were ever trained to the top rung, the lowest loss first. */
  readonly front: readonly Individual[];
  /** Hashes of all genomes ever proposed. */
  readonly seen: readonly string[];
  /** The successes of each operator. */
  readonly credit: OperatorCredit;
  /** The genomes that the surrogate is fitted to: the latest that were trained, the oldest first. */
  readonly observations: readonly Observation[];
}

/** A trained genome as the surrogate sees it: its features (surrogate/features.ts), and its loss at each rung that measured it. */
export interface Observation {
  readonly features: readonly number[];
  readonly losses: readonly (number | null)[];
  /** As in `Score`. */
  readonly values?: Readonly<Record<string, number>>;
}

/** A genome on its way to be evaluated. */
export interface Proposal {
  readonly genome: Genome;
  readonly hash: string;
  /** Names of the operators that made it of its parents; empty if it has none. */
  readonly operators: readonly string[];
}

/** A genome with its scores. */
export interface Individual extends Proposal, Score {
  /** The generation that proposed it, and its index there. */
  readonly generation: number;
  readonly index: number;
}

export interface SearchSettings {
  readonly seed: string;
  /** Number of survivors, and of children in a generation. */
  readonly population: number;
  readonly bounds: GenomeBounds;
  /** The objectives to minimise; `loss` or `error` first. */
  readonly objectives: readonly Objective[];
  /** The operators that make children. */
  readonly operators: readonly GenomeOperator[];
  /** Number of the highest rung. */
  readonly topRung: number;
  /** Whether most genomes stop on a low rung. */
  readonly halving: boolean;
  /** Whether successful operators, whose children enter the front, are drawn more often. */
  readonly adaptive: boolean;
  /** Whether a surrogate model selects, among many children, those to train. */
  readonly surrogate: boolean;
  /** Genomes that the first generation starts with. */
  readonly startGenomes: readonly Genome[];
}

export const initialState: SearchState = {
  generation: 0,
  population: [],
  front: [],
  seen: [],
  credit: {},
  observations: [],
};

/** The individuals of a generation, without those that failed. */
export function individualsOf(
  generation: number,
  proposals: readonly Proposal[],
  scores: readonly (Score | null)[],
): Individual[] {
  return proposals.flatMap(
    (proposal, index) => individualOf(proposal, scores[index], generation, index) ?? [],
  );
}

/** A proposal with its score; `null` where it failed. */
export function individualOf(
  proposal: Proposal,
  score: Score | null,
  generation: number,
  index: number,
): Individual | null {
  if (score === null || !succeeded([score.loss, score.parameters])) return null;
  return { ...proposal, ...score, generation, index };
}
