import { canonicalJson } from '../core/canonical-json.ts';
import type { RandomStream } from '../core/random.ts';
import { type GenomeBounds, violationOf } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome, PatchGene } from './genome.ts';
import { drawOperator, GENOME_OPERATORS, type GenomeOperator, type Mutation } from './operators.ts';
import { isSamePatch } from './patches.ts';

const ATTEMPTS = 100;

/**
 * Changes a genome by one of the mutations among the operators, drawn by weight. The child is canonical, within the bounds
 * and different from its parent. If 100 draws find no such child, as when the bounds allow hardly anything, it is the
 * parent and the operator `null`.
 *
 * @returns the child and the name of the operator that made it
 * @throws EvopatchError `INVALID_OPTION` if the weights of the mutations are no weights, or all 0.
 */
export function mutateGenome(
  genome: Genome,
  bounds: GenomeBounds,
  random: RandomStream,
  operators: readonly GenomeOperator[] = GENOME_OPERATORS,
): { genome: Genome; operator: string | null } {
  const parent = canonicalGenome(genome);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const operator = drawOperator('mutation', operators, random);
    const child = applyMutation(operator, parent, bounds, random);
    if (child) return { genome: child, operator: operator.name };
  }
  return { genome: parent, operator: null };
}

/**
 * Tries one mutation.
 *
 * @param parent a canonical genome
 * @returns null if the operator has nothing to work on, or the result would equal the parent, leave the bounds, or differ
 * by more than the operator says: patches that coincide, a pair whose halves do
 */
export function applyMutation(
  operator: Mutation,
  parent: Genome,
  bounds: GenomeBounds,
  random: RandomStream,
): Genome | null {
  const changed = operator.apply(parent, bounds, random);
  if (changed === null) return null;
  const child = canonicalGenome(changed);
  const coincide =
    child.patches.length < changed.patches.length || pairsIn(child.patches) < pairsIn(changed.patches);
  return coincide || isEqual(child, parent) || violationOf(child, bounds) ? null : child;
}

/** Whether two canonical genomes describe the same. */
function isEqual(a: Genome, b: Genome): boolean {
  return (
    a.patches.length === b.patches.length &&
    a.patches.every((patch, index) => isSamePatch(patch, b.patches[index])) &&
    canonicalJson(a.network) === canonicalJson(b.network)
  );
}

function pairsIn(patches: readonly PatchGene[]): number {
  return patches.filter(({ mirrored }) => mirrored).length;
}
