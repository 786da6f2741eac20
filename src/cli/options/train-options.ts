import { availableParallelism } from 'node:os';
import { optionsOfFlags } from '../../options/flags.ts';
import type { TrainOptions } from '../../options/train-options.ts';
import { TRAIN_GROUPS, TRAIN_TABLE } from '../../options/train-table.ts';
import {
  type CommonValues,
  DATA_OPTIONS,
  type OptionTable,
  type OptionValues,
  type TextSpec,
} from '../command.ts';
import { TRAINING_FOLDER } from '../outputs/output-forms.ts';
import { ENGINE_OPTION, TEACHER_OPTIONS } from './shared-options.ts';
import { commandOptions, headingsOf } from './table-options.ts';

const own = commandOptions(TRAIN_TABLE);

export const LEVELS_OPTION = own.levels as TextSpec;

export const TRAIN_OPTIONS = {
  network: own.network as TextSpec,
  genome: {
    kind: 'text',
    placeholder: 'FILE',
    input: 'file',
    description: 'A genome as JSON, to train its network instead.',
  },
  levels: LEVELS_OPTION,
  ...DATA_OPTIONS,
  data: { ...DATA_OPTIONS.data, required: true },
  ...own,
  out: { ...(own.out as TextSpec), output: TRAINING_FOLDER, required: true },
  engine: ENGINE_OPTION,
  ...TEACHER_OPTIONS,
} as const satisfies OptionTable;

export type TrainValues = OptionValues<typeof TRAIN_OPTIONS> & CommonValues;

/** Options by their heading in the help. */
export const TRAIN_HEADINGS = headingsOf(TRAIN_GROUPS);

/** Makes the library's training options from those of the command, except the genome, which is a file here. */
export function trainSettings(values: TrainValues): Omit<TrainOptions, 'dataset'> {
  return { threads: availableParallelism(), ...optionsOfFlags(TRAIN_TABLE, values), force: values.force };
}
