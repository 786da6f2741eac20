import * as z from 'zod';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { EvopatchError } from '../core/errors.ts';
import { hashFile } from '../core/hash-file.ts';
import { parse } from '../core/parse.ts';
import { readTextFile } from '../core/read-text.ts';
import { VERSION } from '../core/version.ts';
import type { Engine } from '../nn/engine.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import { EVOLVE_TABLE } from '../options/evolve-table.ts';
import { recordedOptions, withCurrentNames } from '../options/option.ts';
import type { GenerationPlan } from '../search/ladder.ts';
import { runFile } from './file-names.ts';

const FORMAT = 2 as const;

const datasetSchema = z.object({
  name: z.string(),
  hash: z.string(),
  classes: z.array(z.string()).default([]),
  align: z.string().optional(),
});

const descriptionSchema = z.object({
  format: z.literal(FORMAT),
  /** Version of this package. */
  evopatch: z.string(),
  node: z.string(),
  platform: z.string(),
  /** When the run began, ISO 8601. */
  started: z.string(),
  engine: z.object({ name: z.string(), variant: z.string(), numerics: z.string() }),
  dataset: datasetSchema.extend({ count: z.int() }),
  dataSource: z.record(z.string(), z.string()).optional(),
  /** The file of the teacher, where there is one, and the SHA-256 of its bytes. */
  teacher: z.object({ file: z.string(), hash: z.string() }).optional(),
  /** The rungs of the fitness training, as they followed from the options. */
  ladder: z.array(z.object({ rows: z.int(), epochs: z.int() })),
  /** The numbers of generations that a run was planned for, of one that was extended. */
  plans: z.array(z.object({ from: z.int().min(0), generations: z.int().min(1) })).optional(),
  /** The options, as `evolvePatches` takes them, except those that the table does not record. */
  options: z
    .record(z.string(), z.unknown())
    .transform((options) => withFormerBehaviour(withCurrentNames(EVOLVE_TABLE, options))),
});

/**
 * Lets the patches of runs that recorded no such limits read and overlap as they like, and runs that recorded no form of
 * convolutions go on with the direct one.
 */
function withFormerBehaviour(options: Record<string, unknown>): Record<string, unknown> {
  const bounds = { maximumPixels: 1, maximumOverlap: 1, ...(options.bounds as object | undefined) };
  return { convolution: 'direct', ...options, bounds };
}

/** The options of a run and what it runs on, as plain data: the content of `run.json`. */
export type RunDescription = z.output<typeof descriptionSchema>;

const nullableText = z.string().nullable().catch(null);
const { engine, teacher, dataSource, ladder, plans, options } = descriptionSchema.shape;
const partialSchema = z.object({
  evopatch: nullableText,
  node: nullableText,
  platform: nullableText,
  started: nullableText,
  engine: engine.nullable().catch(null),
  dataset: datasetSchema,
  dataSource: dataSource.unwrap().nullable().catch(null),
  ladder: ladder.catch([]),
  plans: plans.catch(undefined),
  teacher: teacher.unwrap().nullable().catch(null),
  options: options.catch({}),
});

/** As much of a description as can be read, whatever version of evopatch wrote it. */
export type PartialDescription = z.output<typeof partialSchema>;

export async function describeRun(settings: EvolveSettings, engine: Engine): Promise<RunDescription> {
  const { dataset, dataSource, ladder } = settings;
  const { name: source, hash, classes, count, align, unaligned, skipped } = dataset;
  const { name, variant, numerics } = engine;
  const described = {
    format: FORMAT,
    evopatch: VERSION,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    started: new Date().toISOString(),
    engine: { name, variant, numerics },
    dataset: { name: source, hash, classes: [...classes], count, align, unaligned, skipped },
    dataSource: dataSource && { ...dataSource },
    teacher: settings.teacher && {
      file: settings.teacher.file,
      hash: await hashFile(settings.teacher.file),
    },
    ladder: [...ladder],
    options: recordedOptions(EVOLVE_TABLE, { ...settings }),
  };
  return described;
}

/**
 * Reads the description of a run.
 *
 * @throws EvopatchError `FILE_SYSTEM` where there is none, `INVALID_RUN` where it is damaged or of another version.
 */
export async function readDescription(folder: string): Promise<RunDescription> {
  return await readJson(folder, (value) => {
    const format = (value as { format?: unknown } | null)?.format;
    if (Number.isInteger(format) && format !== FORMAT) {
      const hint = `This release of evopatch reads format ${FORMAT}`;
      throw new EvopatchError('INVALID_RUN', 'the run has another format', { given: format, hint });
    }
    return parse(descriptionSchema, value, 'INVALID_RUN');
  });
}

/**
 * Reads as much of the description of a run as it can, for those who show a run rather than continue it.
 *
 * @throws EvopatchError `FILE_SYSTEM` where there is none, `INVALID_RUN` where it does not name the data set.
 */
export async function readPartialDescription(folder: string): Promise<PartialDescription> {
  return await readJson(folder, (value) => parse(partialSchema, value, 'INVALID_RUN'));
}

async function readJson<Content>(folder: string, check: (value: unknown) => Content): Promise<Content> {
  const file = runFile(folder, 'description');
  const text = await readTextFile(file, { problem: 'this is not the folder of a run' });
  try {
    return check(JSON.parse(text));
  } catch (cause) {
    const data = { ...(cause instanceof EvopatchError ? cause.data : {}), file };
    const problem = cause instanceof EvopatchError ? cause.problem : 'this is not JSON';
    throw new EvopatchError('INVALID_RUN', problem, data, cause);
  }
}

/** What changes in the description of a run that is extended. */
export interface RunExtension {
  /** The number of generations that the run has ended. */
  readonly after: number;
  /** New limits, by the names of their options. */
  readonly limits: Readonly<Record<string, number>>;
  readonly plans: readonly GenerationPlan[] | undefined;
}

/**
 * Plans the extension of a run. Each generation follows the plan that was in force when it began, so the result depends on the
 * options and the extensions alone, however often the run is interrupted.
 *
 * @throws EvopatchError `INVALID_OPTION` where the run has ended more generations than it should have.
 */
export function planExtension(
  { options, plans = [{ from: 0, generations: Number(options.generations) }] }: RunDescription,
  limits: Readonly<Record<string, number>>,
  after: number,
): RunExtension {
  const { generations } = limits;
  if (generations === undefined) return { after, limits, plans: undefined };
  if (generations < after) {
    const hint = `Give at least ${after}`;
    const data = { option: 'generations', given: generations, hint };
    throw new EvopatchError('INVALID_OPTION', `the run has ended ${after} generations already`, data);
  }
  const before = plans.filter(({ from }) => from < after);
  return { after, limits, plans: [...before, { from: before.length === 0 ? 0 : after, generations }] };
}

/** Adds an extension to a description. */
export function extendDescription<Description extends Pick<RunDescription, 'options' | 'plans'>>(
  description: Description,
  { limits, plans = description.plans }: RunExtension,
): Description {
  return { ...description, options: { ...description.options, ...limits }, ...(plans && { plans }) };
}

/** Writes an extension into the description of a run. @throws EvopatchError `FILE_SYSTEM` */
export async function writeExtension(folder: string, extension: RunExtension): Promise<void> {
  const file = runFile(folder, 'description');
  const whole = JSON.parse(await readTextFile(file, { problem: 'this is not the folder of a run' }));
  const extended = extendDescription(whole, extension); // with all that the schema does not know
  await writeFileAtomic(file, `${JSON.stringify(extended, undefined, 2)}\n`);
}

/** @throws EvopatchError `INVALID_RUN` where the teacher's file has changed since the run began, `FILE_SYSTEM`. */
export async function refuseOtherTeacher({ teacher }: RunDescription): Promise<void> {
  if (teacher === undefined || (await hashFile(teacher.file)) === teacher.hash) return;
  const hint = 'Put back the file that the run was begun with, or begin a new run';
  throw new EvopatchError('INVALID_RUN', 'the teacher has changed since the run began', {
    file: teacher.file,
    hint,
  });
}
