import { join } from 'node:path';
import { z } from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { readTextFile } from '../core/read-text.ts';
import { EVOLVE_TABLE } from '../options/evolve-table.ts';
import { withCurrentNames } from '../options/option.ts';
import type { RunSettings } from './report-data.ts';

const text = z.string().nullable().catch(null);

/** Of any version: a report shows what is there, unlike the command that goes on with a run. */
const descriptionSchema = z.object({
  evopatch: text,
  node: text,
  platform: text,
  started: text,
  engine: z.object({ name: z.string(), variant: z.string(), numerics: z.string() }).nullable().catch(null),
  dataset: z.object({
    name: z.string(),
    hash: z.string(),
    classes: z.array(z.string()).default([]),
    align: z.string().optional(),
  }),
  dataSource: z.record(z.string(), z.string()).nullable().catch(null),
  ladder: z.array(z.object({ rows: z.int(), epochs: z.int() })).catch([]),
  teacher: z.object({ file: z.string(), hash: z.string() }).nullable().catch(null),
  options: z
    .record(z.string(), z.unknown())
    .catch({})
    .transform((options) => withCurrentNames(EVOLVE_TABLE, options)),
});

export interface ReadSettings {
  readonly settings: RunSettings;
  readonly dataset: z.output<typeof descriptionSchema>['dataset'];
}

/**
 * Reads the `run.json` of a run folder.
 *
 * @throws EvopatchError `FILE_SYSTEM` where there is none, `INVALID_RUN` where it is damaged.
 */
export async function readSettings(folder: string): Promise<ReadSettings> {
  const file = join(folder, 'run.json');
  const content = await readTextFile(file, { problem: 'this is not the folder of a run' });
  try {
    const { dataset, ...settings } = parse(descriptionSchema, JSON.parse(content), 'INVALID_RUN');
    return { settings, dataset };
  } catch (cause) {
    const problem = cause instanceof EvopatchError ? cause.problem : 'this is not JSON';
    throw new EvopatchError('INVALID_RUN', problem, { file }, cause);
  }
}
