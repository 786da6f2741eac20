import { expect, it } from 'vitest';
import { splitOfName } from '../../src/data/split-names.ts';

it.each([
  ['train', ['train', 'Train', 'TRAIN', 'Training', 'training_set', 'train-set', 'Train set', 'trainset']],
  ['validation', ['val', 'valid', 'Validation', 'DEV', 'val_set', 'PublicTest']],
  ['test', ['test', 'Testing', 'TEST', 'eval', 'PrivateTest', ' test ']],
  [undefined, ['', 'set', 'happy', 'trainer', 'tests', 'train2', 'constructor', '__proto__']],
])('%s is what %j mean', (split, names) => {
  for (const name of names) expect(splitOfName(name)).toBe(split);
});
