import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { type GenomeBounds, violationOf } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome } from './genome.ts';
import { NETWORK } from './network-genes.ts';

const side = z.int().min(1);
/** Checks the form of a patch gene. */
export const patchSchema = z
  .strictObject({
    dx: z.int(),
    dy: z.int(),
    width: side,
    height: side,
    mirrored: z.boolean(),
    scale: z.literal([1, 2]).default(1),
  })
  .refine(({ width, height, scale }) => Math.min(width, height) >= scale, {
    path: ['scale'],
    error: 'a patch read at half resolution must have sides of at least 2 pixels',
  });

/**
 * Checks the form of a genome; `GenomeBounds` check its size and whether its patches lie in a frame. Genes that were added
 * later may be left out: such a genome describes the same network as before.
 */
export const genomeSchema: z.ZodType<Genome> = z.strictObject({
  patches: z.array(patchSchema).min(1),
  network: NETWORK.schema,
});

/**
 * Parses a genome from outside, for instance from a file, into its canonical form. With bounds it must also meet these.
 *
 * @throws EvopatchError `INVALID_GENOME` that names the field at fault, as in `patches[2].width`. A field that breaks
 * only the bounds is named by its position in the canonical form.
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
