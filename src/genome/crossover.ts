import type { RandomStream } from '../core/random.ts';
import { formViolation, type GenomeBounds } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome } from './genome.ts';
import { drawOperator, GENOME_OPERATORS, type GenomeOperator } from './operators.ts';
import { shrinkToFit } from './shrink.ts';

/**
 * Makes one child of two canonical parents within the bounds by one of the crossovers among the operators, drawn by weight.
 * The child is canonical and within the bounds: if its network costs too much, parts are taken off at random.
 *
 * @returns the child and the name of the operator that made it
 * @throws EvopatchError `INVALID_OPTION` if the weights of the crossovers are no weights, or all 0.
 */
export function crossoverGenomes(
  a: Genome,
  b: Genome,
  bounds: GenomeBounds,
  random: RandomStream,
  operators: readonly GenomeOperator[] = GENOME_OPERATORS,
): { genome: Genome; operator: string } {
  const operator = drawOperator('crossover', operators, random);
  const child = canonicalGenome(operator.apply(a, b, bounds, random));
  // A single patch that is half of the other parent's pair is left out: there may be too few now.
  const withPatchesOfFirst = () => canonicalGenome({ ...child, patches: a.patches });
  const isAllowed = (genome: Genome) => formViolation(genome, bounds) === undefined;
  const allowed = isAllowed(child) ? child : ([withPatchesOfFirst(), a].find(isAllowed) ?? a);
  return { genome: shrinkToFit(allowed, bounds, bounds, random), operator: operator.name };
}
