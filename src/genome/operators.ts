import { EvopatchError } from '../core/errors.ts';
import type { RandomStream } from '../core/random.ts';
import type { GenomeBounds } from './bounds.ts';
import { crossByList, crossByRegion } from './crossover-operators.ts';
import type { Genome } from './genome.ts';
import { NETWORK } from './network-genes.ts';
import {
  addPatch,
  mergePatches,
  movePatch,
  type PatchOperator,
  removePatch,
  resizePatch,
  scalePatch,
  splitPatch,
  toggleMirror,
} from './patch-operators.ts';

interface Operator {
  /** Names the operator in the files of a run; no two operators share one. */
  readonly name: string;
  /**
   * How often the operator is drawn, relative to the others of its kind: a finite number from 0, which means never. A
   * search with adaptive rates multiplies it by the operator's success.
   */
  readonly weight: number;
}

/** Changes one genome. */
export interface Mutation extends Operator {
  readonly kind: 'mutation';
  /**
   * Makes one change.
   *
   * @param genome a canonical genome within the bounds
   * @param random the only source of chance, so that a search gives the same result again
   * @returns a new genome, or null if there is nothing to change in this way. A genome that leaves the bounds, equals its
   * parent or has patches that coincide is discarded, and another operator is drawn.
   */
  apply(genome: Genome, bounds: GenomeBounds, random: RandomStream): Genome | null;
}

/** Makes one genome of two. */
export interface Crossover extends Operator {
  readonly kind: 'crossover';
  /**
   * Makes a child.
   *
   * @param a a canonical genome within the bounds, as is `b`
   * @param random the only source of chance, so that a search gives the same result again
   * @returns a new genome. Patches that leave the bounds are replaced by those of `a`, other genes that do by all genes of
   * `a`; a network that costs too much is made smaller.
   */
  apply(a: Genome, b: Genome, bounds: GenomeBounds, random: RandomStream): Genome;
}

/** A way to make a new genome from one or two; see `GENOME_OPERATORS` for the shipped ones. */
export type GenomeOperator = Mutation | Crossover;

type OfKind<Kind> = Extract<GenomeOperator, { kind: Kind }>;

function onPatches(name: string, weight: number, operator: PatchOperator): Mutation {
  return {
    kind: 'mutation',
    name,
    weight,
    apply({ patches, network }, bounds, random) {
      const changed = operator(patches, bounds, random);
      return changed && { patches: changed, network };
    },
  };
}

/**
 * The operators of a search. Small changes of existing patches and genes come three times as often as changes of the number
 * or the kind of patches.
 */
export const GENOME_OPERATORS: readonly GenomeOperator[] = [
  onPatches('move', 3, movePatch),
  onPatches('resize', 3, resizePatch),
  onPatches('add', 1, addPatch),
  onPatches('remove', 1, removePatch),
  onPatches('split', 1, splitPatch),
  onPatches('merge', 1, mergePatches),
  onPatches('mirror', 1, toggleMirror),
  onPatches('scale', 1, scalePatch),
  {
    kind: 'mutation',
    name: 'network',
    weight: 3,
    apply: ({ patches, network }, bounds, random) => {
      return { patches, network: NETWORK.mutate(network, bounds, random) };
    },
  },
  { kind: 'crossover', name: 'crossover-region', weight: 1, apply: crossByRegion },
  { kind: 'crossover', name: 'crossover-list', weight: 1, apply: crossByList },
];

/**
 * Draws one of the operators of a kind with probabilities in proportion to their weights, by one number of the stream.
 *
 * @throws EvopatchError `INVALID_OPTION` if a weight is not a finite number from 0, or all are 0.
 */
export function drawOperator<Kind extends GenomeOperator['kind']>(
  kind: Kind,
  all: readonly GenomeOperator[],
  random: RandomStream,
): OfKind<Kind> {
  const operators = all.filter((operator): operator is OfKind<Kind> => operator.kind === kind);
  const total = operators.reduce((sum, { weight }) => sum + weight, 0);
  if (!operators.every(({ weight }) => weight >= 0) || !(total > 0) || total === Infinity) {
    const problem = 'the weights of operators must be numbers from 0, at least one of each kind above it';
    const given = Object.fromEntries(operators.map(({ name, weight }) => [name, weight]));
    throw new EvopatchError('INVALID_OPTION', problem, { option: 'operators', given });
  }
  // An operator of weight 0 leaves the sum unchanged, so it is never the first that exceeds the drawn number.
  const drawn = random.uniform() * total;
  let sum = 0;
  const found = operators.find(({ weight }) => {
    sum += weight;
    return drawn < sum;
  });
  // If the total is hardly above 0, rounding may bring the drawn number up to it.
  return found ?? operators.findLast(({ weight }) => weight > 0) ?? operators[0];
}
