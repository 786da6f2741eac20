import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { type GenomeBounds, violationOf } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import { type Genome, genomeSchema } from './genome.ts';

/**
 * A genome from outside, for instance from a file, in its canonical form. With bounds it must also meet these.
 *
 * @throws EvopatchError `INVALID_GENOME` that names the field at fault, as in `patches[2].width`. A field that is in
 * itself right but breaks the bounds is named as it stands in the canonical form.
 */
export function parseGenome(value: unknown, bounds?: GenomeBounds): Genome {
  const genome = canonicalGenome(parse(genomeSchema, value, 'INVALID_GENOME'));
  const violation = bounds && violationOf(genome, bounds);
  if (violation) {
    const { field, problem, given } = violation;
    throw new EvopatchError('INVALID_GENOME', problem, { option: field, given });
  }
  return genome;
}
