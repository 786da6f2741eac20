import { canonicalJson } from '../core/canonical-json.ts';
import type { RandomStream } from '../core/random.ts';
import { type GenomeBounds, violationOf } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome, PatchGene } from './genome.ts';
import { changeNetwork } from './network-operator.ts';
import {
  DEFAULT_OPERATOR_WEIGHTS,
  drawOperator,
  MUTATION_NAMES,
  type MutationName,
  type OperatorWeights,
} from './operators.ts';
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

type MutationOperator = (genome: Genome, bounds: GenomeBounds, random: RandomStream) => Genome | null;

const onPatches = (operator: PatchOperator): MutationOperator => {
  return ({ patches, network }, bounds, random) => {
    const changed = operator(patches, bounds, random);
    return changed && { patches: changed, network };
  };
};

const OPERATORS: Readonly<Record<MutationName, MutationOperator>> = {
  move: onPatches(movePatch),
  resize: onPatches(resizePatch),
  add: onPatches(addPatch),
  remove: onPatches(removePatch),
  split: onPatches(splitPatch),
  merge: onPatches(mergePatches),
  mirror: onPatches(toggleMirror),
  scale: onPatches(scalePatch),
  network: ({ patches, network }, bounds, random) => ({
    patches,
    network: changeNetwork(network, bounds, random),
  }),
};

const ATTEMPTS = 100;

/**
 * What one operator, drawn by weight, makes of a genome within the bounds: moves, resizes, adds, removes, splits, merges,
 * mirrors or unmirrors a patch, changes its scale, or changes a network gene. The child is canonical, within the bounds
 * and different from its parent; only where 100 draws find no such child, as when the bounds allow hardly anything, it
 * is the parent and the operator `null`.
 *
 * @throws EvopatchError `INVALID_OPTION` where the weights of the mutations are no weights, or all 0.
 */
export function mutateGenome(
  genome: Genome,
  bounds: GenomeBounds,
  random: RandomStream,
  weights: OperatorWeights = DEFAULT_OPERATOR_WEIGHTS,
): { genome: Genome; operator: MutationName | null } {
  const parent = canonicalGenome(genome);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const operator = drawOperator(MUTATION_NAMES, weights, random);
    const child = applyMutation(operator, parent, bounds, random);
    if (child) return { genome: child, operator };
  }
  return { genome: parent, operator: null };
}

/**
 * One try with one operator.
 *
 * @param parent a canonical genome
 * @returns null where the operator has nothing to work on, or the result would be the parent itself, would leave the
 * bounds, or would be more than the operator's name says: patches that fell together, a pair whose halves did
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
  const fellTogether =
    child.patches.length < changed.patches.length || pairsIn(child.patches) < pairsIn(changed.patches);
  const isParent = canonicalJson(child) === canonicalJson(parent);
  return fellTogether || isParent || violationOf(child, bounds) ? null : child;
}

function pairsIn(patches: readonly PatchGene[]): number {
  return patches.filter(({ mirrored }) => mirrored).length;
}
