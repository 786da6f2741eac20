import { parse } from '../core/parse.ts';
import { type CheckedOptions, type GivenOptions, schemaOf } from './option.ts';
import { TRAIN_TABLE } from './train-table.ts';

/** Options of the training of one network; `dataset` and a network or a genome are needed. */
export interface TrainOptions extends GivenOptions<typeof TRAIN_TABLE> {}

/** Checked options with every default filled in. */
export type TrainSettings = CheckedOptions<typeof TRAIN_TABLE>;

const schema = schemaOf(TRAIN_TABLE);
const withoutDataset = schema.omit({ dataset: true });

/**
 * Checks options before there is a data set.
 *
 * @throws EvopatchError `INVALID_OPTION` that names the option, what was given and what is allowed.
 */
export function checkTrainOptions(options: Omit<TrainOptions, 'dataset'>): Omit<TrainSettings, 'dataset'> {
  return parse(withoutDataset, options, 'INVALID_OPTION');
}

/**
 * Checks options and fills in what was left out.
 *
 * @throws EvopatchError `INVALID_OPTION` that names the option, what was given and what is allowed.
 */
export function parseTrainOptions(options: TrainOptions): TrainSettings {
  return parse(schema, options, 'INVALID_OPTION');
}
