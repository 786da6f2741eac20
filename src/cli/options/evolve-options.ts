import type { EvolveOptions } from '../../options/evolve-options.ts';
import { EVOLVE_GROUPS, EVOLVE_TABLE } from '../../options/evolve-table.ts';
import { optionsOfFlags } from '../../options/flags.ts';
import {
  type CommonValues,
  DATA_OPTIONS,
  type OptionTable,
  type OptionValues,
  type TextSpec,
} from '../command.ts';
import { dataSourceOf } from '../data/data-source.ts';
import { CACHE, RUN_FOLDER } from '../outputs/output-forms.ts';
import { QUEUE_HEADING, QUEUE_OPTIONS } from './queue-options.ts';
import { ENGINE_OPTION, TEACHER_OPTIONS, WATCH_OPTION } from './shared-options.ts';
import { commandOptions, headingsOf } from './table-options.ts';

const own = commandOptions(EVOLVE_TABLE);

export const EVOLVE_OPTIONS = {
  ...DATA_OPTIONS,
  data: { ...DATA_OPTIONS.data, required: true },
  ...own,
  out: { ...(own.out as TextSpec), output: RUN_FOLDER, required: true },
  engine: ENGINE_OPTION,
  'evaluation-cache': { ...(own['evaluation-cache'] as TextSpec), output: CACHE },
  ...TEACHER_OPTIONS,
  ...QUEUE_OPTIONS,
  watch: WATCH_OPTION,
} as const satisfies OptionTable;

export type EvolveValues = OptionValues<typeof EVOLVE_OPTIONS> & CommonValues;

/** Options by their heading in the help. */
export const EVOLVE_HEADINGS = { ...headingsOf(EVOLVE_GROUPS), ...QUEUE_HEADING };

/** Makes the library's options of a search from those of the command. */
export function evolveSettings(values: EvolveValues): Omit<EvolveOptions, 'dataset'> {
  return { ...optionsOfFlags(EVOLVE_TABLE, values), force: values.force, dataSource: dataSourceOf(values) };
}
