import { canonicalJson } from '../core/canonical-json.ts';
import type { RandomStream } from '../core/random.ts';
import { type GenomeBounds, violationOf } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome } from './genome.ts';
import { changeNetwork } from './network-operator.ts';
import {
  addPatch,
  mergePatches,
  movePatch,
  type PatchOperator,
  removePatch,
  resizePatch,
  splitPatch,
  toggleMirror,
} from './patch-operators.ts';

type MutationOperator = (genome: Genome, bounds: GenomeBounds, random: RandomStream) => Genome | null;

const onPatches = (operator: PatchOperator): MutationOperator => {
  return ({ patches, network }, bounds, random) => {
    const changed = operator(patches, bounds, random);
    return changed && { patches: changed, network };
  };
};

const OPERATORS = {
  move: onPatches(movePatch),
  resize: onPatches(resizePatch),
  add: onPatches(addPatch),
  remove: onPatches(removePatch),
  split: onPatches(splitPatch),
  merge: onPatches(mergePatches),
  mirror: onPatches(toggleMirror),
  network: ({ patches, network }, bounds, random) => ({
    patches,
    network: changeNetwork(network, bounds, random),
  }),
} satisfies Record<string, MutationOperator>;

export type MutationName = keyof typeof OPERATORS;
export const MUTATION_NAMES = Object.keys(OPERATORS) as readonly MutationName[];

/** Small changes of what is there three times as often as changes of what there is. */
const DRAWS: readonly MutationName[] = [
  ...(['move', 'resize', 'network'] as const).flatMap((name) => [name, name, name]),
  ...(['add', 'remove', 'split', 'merge', 'mirror'] as const),
];

const ATTEMPTS = 100;

/**
 * What one operator makes of a genome within the bounds: moves, resizes, adds, removes, splits, merges, mirrors or
 * unmirrors a patch, or changes a network gene. The child is canonical, within the bounds and different from its
 * parent; only where 100 draws find no such child, as when the bounds allow hardly anything, it is the parent.
 */
export function mutateGenome(genome: Genome, bounds: GenomeBounds, random: RandomStream): Genome {
  const parent = canonicalGenome(genome);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const child = applyMutation(random.pick(DRAWS), parent, bounds, random);
    if (child) return child;
  }
  return parent;
}

/**
 * One try with one operator.
 *
 * @param parent a canonical genome
 * @returns null where the result would be the parent itself or would leave the bounds, or the operator has nothing to
 * work on
 */
export function applyMutation(
  name: MutationName,
  parent: Genome,
  bounds: GenomeBounds,
  random: RandomStream,
): Genome | null {
  const changed = OPERATORS[name](parent, bounds, random);
  if (changed === null) return null;
  const child = canonicalGenome(changed);
  const isParent = canonicalJson(child) === canonicalJson(parent);
  return isParent || violationOf(child, bounds) ? null : child;
}
