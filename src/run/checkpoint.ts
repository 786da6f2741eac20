import * as z from 'zod';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { decodeCheckedJson, encodeCheckedJson } from '../core/checked-json.ts';
import { EvopatchError } from '../core/errors.ts';
import { isMissing } from '../core/open-file.ts';
import { parse } from '../core/parse.ts';
import { readTextFile } from '../core/read-text.ts';
import { genomeSchema } from '../genome/genome-schema.ts';
import type { SearchProgress } from '../search/search-progress.ts';
import { runFile } from './file-names.ts';

const FORMAT = 'evopatch checkpoint';
const VERSION = 1;

/** The state of a run after a generation, and the time that its processes have taken so far. */
export interface Checkpoint {
  readonly progress: SearchProgress;
  readonly elapsedSeconds: number;
}

const count = z.int().min(0);
const amount = z.number().min(0);
/** Of the objectives that the user defined. */
const valuesSchema = z.record(z.string(), amount).optional();
export const proposalSchema = z.strictObject({
  genome: genomeSchema,
  hash: z.string(),
  operators: z.array(z.string()),
});
export const scoreSchema = z.strictObject({
  rung: count,
  rungLosses: z.array(z.number().nullable()),
  losses: z.array(z.number()),
  loss: z.number(),
  accuracy: amount,
  parameters: count,
  macs: count,
  pixels: count,
  latency: amount.optional(),
  values: valuesSchema,
});
const individualSchema = z.strictObject({
  ...proposalSchema.shape,
  ...scoreSchema.shape,
  generation: count,
  index: count,
});
const observationSchema = z.strictObject({
  features: z.array(z.number()),
  losses: z.array(z.number().nullable()),
  values: valuesSchema,
});
const memberSchema = z.strictObject({
  hash: z.string(),
  loss: z.number(),
  deviation: z.number().nullable(),
  accuracy: amount,
  parameters: count,
});
const checkpointSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  elapsedSeconds: amount,
  progress: z.strictObject({
    state: z.strictObject({
      generation: count,
      population: z.array(individualSchema),
      front: z.array(individualSchema),
      seen: z.array(z.string()),
      credit: z.record(z.string(), z.strictObject({ tries: amount, successes: amount })),
      // Runs of releases without the surrogate go on with one that has nothing to learn from yet.
      observations: z.array(observationSchema).default([]),
    }),
    history: z.array(
      z.strictObject({
        index: count,
        hypervolume: amount,
        front: z.array(memberSchema),
        evaluations: count,
        failures: count,
        samplesSeen: count,
      }),
    ),
  }),
}) satisfies z.ZodType<Checkpoint>;

/**
 * Writes the checkpoint of a run folder. The one before it is kept; at every moment one of the two is whole.
 *
 * @throws EvopatchError `FILE_SYSTEM`
 */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const text = encodeCheckedJson({ format: FORMAT, version: VERSION, ...checkpoint });
  const previous = runFile(folder, 'previousCheckpoint');
  await writeFileAtomic(runFile(folder, 'checkpoint'), text, { previous });
}

/**
 * The newest checkpoint of a run folder that is whole; `undefined` where there is none.
 *
 * @param onWarning hears of one that is damaged
 * @throws EvopatchError `INVALID_RUN` where it has a version that this release does not know.
 */
export async function readCheckpoint(
  folder: string,
  onWarning: (message: string) => void,
): Promise<Checkpoint | undefined> {
  for (const name of ['checkpoint', 'previousCheckpoint'] as const) {
    const file = runFile(folder, name);
    try {
      return checkpointOf(await readTextFile(file));
    } catch (cause) {
      if (cause instanceof EvopatchError && cause.code === 'INVALID_RUN') {
        throw new EvopatchError(cause.code, cause.problem, { ...cause.data, file }, cause);
      }
      if (isMissing(cause)) continue;
      onWarning(`${file}: not used, since it cannot be read: ${(cause as Error).message}`);
    }
  }
  return undefined;
}

function checkpointOf(text: string): Checkpoint {
  const value = decodeCheckedJson(text);
  if (value.format === FORMAT && value.version !== VERSION) {
    const hint = `This release of evopatch reads version ${VERSION}`;
    throw new EvopatchError('INVALID_RUN', 'the checkpoint has another version', {
      given: value.version,
      hint,
    });
  }
  parse(checkpointSchema, value, 'INVALID_DATA');
  const { progress, elapsedSeconds } = value as unknown as Checkpoint; // not zod's copy: the order of fields is kept
  return { progress, elapsedSeconds };
}
