import { readPredictor } from '../ensemble/ensemble-file.ts';
import { openEngine } from '../nn/engine.ts';
import { EVOLVE_TABLE } from '../options/evolve-table.ts';
import { ENGINE, TEACHER } from '../options/shared-options.ts';
import type { NumberSpec, OptionTable, SwitchSpec, TextSpec } from './command.ts';
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
      if (file !== undefined) await readPredictor(file, await openEngine(engine));
    },
  },
  ...others,
  squared: others.squared as SwitchSpec,
} satisfies OptionTable;
