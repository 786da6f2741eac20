import * as z from 'zod';
import { parse } from '../core/parse.ts';
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
 * Reads a well-formed genome, whatever its size, into its canonical form.
 *
 * @throws EvopatchError `INVALID_GENOME` that names the field at fault, as in `patches[2].width`.
 */
export function readGenome(value: unknown): Genome {
  return canonicalGenome(parse(genomeSchema, value, 'INVALID_GENOME'));
}
