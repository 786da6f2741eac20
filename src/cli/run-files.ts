import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { parse } from '../core/parse.ts';
import { genomeSchema } from '../genome/genome.ts';
import { ALIGNMENTS } from '../landmarks/alignment.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';

const frameSchema = z.object({
  size: z.int().min(1).max(512),
  border: z.int().min(0),
  noseX: z.int(),
  noseY: z.int(),
}) satisfies z.ZodType<FrameGeometry>;

const share = z.number().min(0).max(1);

/** The parts of `result.json` that the commands read. */
const resultSchema = z.object({
  format: z.literal(1),
  status: z.string(),
  seed: z.string(),
  engine: z.string(),
  numerics: z.string(),
  dataset: z.object({
    name: z.string(),
    hash: z.string(),
    classes: z.array(z.string()).min(2),
    frame: frameSchema,
    align: z.enum(ALIGNMENTS).default('similarity'),
  }),
  baseline: z.object({ parameters: z.number(), validationAccuracy: z.number() }).nullable(),
  best: z.object({ genome: genomeSchema, validationAccuracy: z.number().nullable() }),
  front: z.array(z.object({ genome: genomeSchema, accuracy: share })).min(1),
  population: z.array(z.object({ genome: genomeSchema, accuracy: share, rank: z.int().min(0) })).min(1),
});

/** What a run left behind. */
export type RunRecord = z.output<typeof resultSchema>;

/**
 * Reads the result of a run from its folder.
 *
 * @throws EvopatchError `FILE_SYSTEM` where there is none, `INVALID_RUN` where it is damaged.
 */
export async function readRun(folder: string): Promise<RunRecord> {
  return await readJson(join(folder, 'result.json'), resultSchema);
}

/** The mean face of the run's data, as its maps show it, [size][size]. */
export async function readFace(folder: string): Promise<Uint8Array> {
  const grey = z.int().min(0).max(255);
  const { face } = await readJson(
    join(folder, 'maps', 'best.json'),
    z.object({ face: z.array(z.array(grey)) }),
  );
  return Uint8Array.from(face.flat());
}

async function readJson<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw fileSystemError('cannot read what the run left behind', file, cause);
  }
  try {
    return parse(schema, JSON.parse(text), 'INVALID_RUN');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = 'Give the folder of a finished run, as evolve wrote it';
    throw new EvopatchError('INVALID_RUN', `not the file of a run: ${reason}`, { file, hint }, cause);
  }
}
