import type { Split } from './dataset.ts';

/** Names of splits, in lower case: Hugging Face's keywords (hub documentation, "File names and splits") and FER2013's. */
const SPLIT_NAMES: Readonly<Record<Split, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['validation', 'valid', 'val', 'dev', 'publictest'],
  test: ['test', 'testing', 'eval', 'evaluation', 'privatetest'],
};

/** The most common names, for messages. */
export const SPLIT_NAMES_HINT =
  'train (or Training), validation (or valid, val, PublicTest), test (or Testing, PrivateTest)';

const SPLIT_OF_NAME: ReadonlyMap<string, Split> = new Map(
  Object.entries(SPLIT_NAMES).flatMap(([split, names]) => names.map((name) => [name, split as Split])),
);

/**
 * Gives the split that the name of a folder or a field of a csv stands for; undefined for any other name. Ignores case, and
 * treats `train`, `trainset`, `train_set`, `train-set` and `train set` alike.
 */
export function splitOfName(name: string): Split | undefined {
  return SPLIT_OF_NAME.get(
    name
      .trim()
      .toLowerCase()
      .replace(/[ _-]?set$/, ''),
  );
}
