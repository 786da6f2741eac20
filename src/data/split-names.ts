import type { Split } from './dataset.ts';

/** Names of splits, in lower case: Hugging Face's keywords (hub documentation, "File names and splits") and FER2013's. */
const SPLIT_NAMES: Readonly<Record<Split, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['validation', 'valid', 'val', 'dev', 'publictest'],
  test: ['test', 'testing', 'eval', 'evaluation', 'privatetest'],
};

/** The names that are most common, for messages. */
export const SPLIT_NAMES_HINT =
  'train (or Training), validation (or valid, val, PublicTest), test (or Testing, PrivateTest)';

const SPLIT_OF_NAME: ReadonlyMap<string, Split> = new Map(
  Object.entries(SPLIT_NAMES).flatMap(([split, names]) => names.map((name) => [name, split as Split])),
);

/**
 * The split that a name stands for, as the name of a folder or in a column of a csv; undefined for any other name. Upper and
 * lower case are the same, and so are `train`, `trainset`, `train_set`, `train-set` and `train set`.
 */
export function splitOfName(name: string): Split | undefined {
  return SPLIT_OF_NAME.get(
    name
      .trim()
      .toLowerCase()
      .replace(/[ _-]?set$/, ''),
  );
}
