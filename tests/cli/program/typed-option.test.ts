import { expect, test } from 'vitest';
import { withTypedOption } from '../../../src/cli/program/typed-option.ts';
import { EvopatchError } from '../../../src/core/errors.ts';

const text = { kind: 'text', placeholder: 'X', description: '' } as const;
const OPTIONS = {
  'learning-rate': text,
  'max-patches': text,
  'fitness-samples': text,
  'max-seconds': text,
  out: text,
  watch: text,
  data: text,
  model: text,
  engine: text,
};

test.each([
  ['learningRate', '--learning-rate'],
  ['bounds.maximumPatches', '--max-patches'],
  ['maximumSeconds', '--max-seconds'],
  ['fitness.samples', '--fitness-samples'],
  ['final.learningRate', '--learning-rate'],
  ['runFolder', '--out'],
  ['port', '--watch'],
  ['dataset', '--data'],
  ['file', '--model'],
  ['engine', '--engine'],
  ['engine[2]', '--engine'],
  ['--out', '--out'],
  ['timeoutSeconds', 'timeoutSeconds'], // the command has no such option
  ['constructor', 'constructor'],
])('%s is typed %s', (option, typed) => {
  const given = new EvopatchError('INVALID_OPTION', 'wrong', { option, given: 3, hint: 'Do better' });
  const named = withTypedOption(given, OPTIONS) as EvopatchError;
  expect(named.message).toBe(`'${typed}': wrong (given: 3). Do better`);
  expect(named.data).toEqual({ ...given.data, option: typed });
  expect(named.code).toBe('INVALID_OPTION');
});

test('a column of a file keeps its name', () => {
  const given = new EvopatchError('INVALID_DATA', 'wrong', { file: 'a.csv', row: 2, option: 'data' });
  expect(withTypedOption(given, OPTIONS)).toBe(given);
});

test('other errors pass', () => {
  const given = new Error('x');
  expect(withTypedOption(given, OPTIONS)).toBe(given);
});
