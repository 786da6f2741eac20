import { expect, test } from 'vitest';
import { alignOf } from '../../../src/cli/models/model-align.ts';

test('a model says how its faces were aligned, and an old one stands for similarity', () => {
  expect(alignOf({ info: { align: 'none' } }, 'm')).toBe('none');
  expect(alignOf({ info: { seed: 'x' } }, 'm')).toBe('similarity');
});

test.each(['eyes', 3, true])('an alignment of %s is not known', (align) => {
  const problem = { code: 'INVALID_MODEL', data: { file: 'm', given: align, hint: expect.any(String) } };
  expect(() => alignOf({ info: { align } }, 'm')).toThrow(expect.objectContaining(problem));
});
