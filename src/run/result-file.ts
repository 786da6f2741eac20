import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { isMissing } from '../core/open-file.ts';
import { parse } from '../core/parse.ts';
import { readTextFile } from '../core/read-text.ts';
import { genomeSchema, patchSchema } from '../genome/genome-schema.ts';
import { ALIGNMENTS } from '../landmarks/alignment.ts';
import { runFile } from './file-names.ts';
import { CONTROLS, type EvolutionReport, FORMER_CONTROLS } from './result.ts';

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const interval = z.tuple([z.number(), z.number()]);

const measurementSchema = z.object({
  network: z.string(),
  parameters: count,
  macs: count,
  coveredPixels: count,
  validationLoss: z.number(),
  validationAccuracy: share,
  interval95: interval,
});

const pairedSchema = z.object({
  estimate: z.number(),
  interval95: interval,
  gained: count,
  lost: count,
  pValue: share,
});
const comparisonSchema = pairedSchema.extend({ notWorse: z.boolean() }).nullable();
const genomeFields = { genome: genomeSchema, hash: z.string(), summary: z.string() };

const scoredSchema = z.object({
  ...genomeFields,
  rung: count.default(0),
  loss: z.number(),
  deviation: z.number().nullable().default(null),
  accuracy: share,
  parameters: count,
  macs: count,
  coveredPixels: count,
});

const bestSchema = measurementSchema.omit({ network: true }).extend({
  ...genomeFields,
  validationLoss: z.number().nullable(),
  validationAccuracy: share.nullable(),
  interval95: interval.nullable(),
  difference: comparisonSchema,
  model: z.string().nullable(),
});

const generationSchema = z.object({
  index: count,
  hypervolume: z.number(),
  front: z.array(
    z.object({
      hash: z.string(),
      loss: z.number(),
      deviation: z.number().nullable(),
      accuracy: share,
      parameters: count,
    }),
  ),
  evaluations: count,
  failures: count,
  samplesSeen: count,
});

const resultSchema = z.object({
  format: z.literal(1),
  status: z.enum(['complete', 'aborted']),
  seed: z.string(),
  engine: z.string(),
  numerics: z.string(),
  margin: share,
  dataset: z.object({
    name: z.string(),
    hash: z.string(),
    classes: z.array(z.string()).min(2),
    frame: z.object({
      size: z.int().min(1).max(512),
      border: count,
      noseX: z.int(),
      noseY: z.int(),
    }),
    align: z.enum(ALIGNMENTS),
    training: count,
    validation: count,
    copies: count,
  }),
  batchSizes: z.object({ fitness: count, final: count }).optional(),
  baseline: measurementSchema.nullable(),
  best: bestSchema,
  finalists: z.array(measurementSchema.extend({ ...genomeFields, difference: comparisonSchema })),
  front: z.array(scoredSchema),
  population: z.array(scoredSchema.extend({ rank: count })),
  controls: z.array(
    measurementSchema.extend({
      control: z.enum([...CONTROLS, ...FORMER_CONTROLS]),
      layouts: count.optional(),
      patches: z.array(patchSchema).optional(),
      lead: pairedSchema.nullable(),
    }),
  ),
  referencePoint: z.record(z.string(), z.number()),
  history: z.array(generationSchema),
  evaluations: count,
  failures: count,
  timing: z.object({
    workers: count,
    totalSeconds: z.number(),
    searchSeconds: z.number(),
    trainingSeconds: z.number(),
  }),
}) satisfies z.ZodType<EvolutionReport>;

/**
 * The whole `result.json` of a run folder; `undefined` where there is none.
 *
 * @throws EvopatchError `INVALID_RUN` where it is damaged, `FILE_SYSTEM`.
 */
export async function readResult(folder: string): Promise<EvolutionReport | undefined> {
  const file = runFile(folder, 'result');
  let text: string;
  try {
    text = await readTextFile(file, { problem: 'cannot read the result' });
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw cause;
  }
  try {
    return parse(resultSchema, withAllControls(JSON.parse(text)), 'INVALID_RUN');
  } catch (cause) {
    const problem = `not the result of a run: ${(cause as Error).message}`;
    throw new EvopatchError('INVALID_RUN', problem, { file }, cause);
  }
}

/**
 * Joins the controls, among which earlier releases did not count the whole face: it was `wholeFaceControl` or `control` beside
 * `furtherControls` or `controls`.
 */
function withAllControls(result: Readonly<Record<string, unknown>>): unknown {
  const { control, controls, wholeFaceControl = control, furtherControls = controls, ...rest } = result;
  if (wholeFaceControl === undefined) return result;
  const wholeFace = wholeFaceControl && { ...wholeFaceControl, control: 'whole-face', lead: null };
  return { ...rest, controls: [furtherControls, wholeFace ?? []].flat() };
}
