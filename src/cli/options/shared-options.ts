import { readModel } from '../../ensemble/ensemble-file.ts';
import { openEngine } from '../../nn/engine.ts';
import { EVOLVE_TABLE } from '../../options/evolve-table.ts';
import { ENGINE, TEACHER } from '../../options/shared-options.ts';
import type { NumberSpec, OptionSpec, OptionTable, SwitchSpec, TextSpec } from '../command.ts';
import { commandOptions } from './table-options.ts';

const { engine } = commandOptions({ engine: ENGINE });

export const ENGINE_OPTION = {
  ...(engine as TextSpec),
  check: async (name) => {
    await openEngine(name);
  },
} satisfies TextSpec;

/** Threads of a command that trains. */
export const WORKERS_OPTION = commandOptions({ workers: EVOLVE_TABLE.workers }).workers as NumberSpec;

const { teacher, ...others } = commandOptions({ teacher: TEACHER });

/** Options of commands that train with a teacher. */
export const TEACHER_OPTIONS = {
  teacher: {
    ...(teacher as TextSpec),
    input: 'file',
    check: async (file, engine) => {
      if (file !== undefined) await readModel(file, await openEngine(engine));
    },
  },
  ...others,
  squared: others.squared as SwitchSpec,
} satisfies OptionTable;

/** The port of the live page. */
export const WATCH_OPTION = {
  kind: 'integer',
  placeholder: 'PORT',
  minimum: 1,
  maximum: 65_535,
  bare: 0,
  description:
    'Serve a live page of the run at the address that is printed: read-only, on this machine (127.0.0.1), below a secret ' +
    'path.',
  default: 'no page; without PORT any free port',
} as const satisfies OptionSpec;
