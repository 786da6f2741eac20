import { EvopatchError } from '../core/errors.ts';
import { type GenomeBounds, violationOf } from './bounds.ts';
import type { Genome } from './genome.ts';
import { readGenome } from './genome-schema.ts';

/**
 * Parses a genome from outside, for instance from a file, into its canonical form. With bounds it must also meet these.
 *
 * @throws EvopatchError `INVALID_GENOME` that names the field at fault, as in `patches[2].width`. A field that breaks
 * only the bounds is named by its position in the canonical form.
 */
export function parseGenome(value: unknown, bounds?: GenomeBounds): Genome {
  const genome = readGenome(value);
  const violation = bounds && violationOf(genome, bounds);
  if (violation) {
    const { field, problem, given } = violation;
    throw new EvopatchError('INVALID_GENOME', problem, { option: field, given });
  }
  return genome;
}
