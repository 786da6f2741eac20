import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupsBy } from '../../src/data/groups.ts';

/** A data set with one column, by the values of its samples. */
function column(
  fields: readonly string[],
  sort: (a: string, b: string) => number = (a, b) => (a < b ? -1 : 1),
) {
  const values = [...new Set(fields)].filter((field) => field !== '').sort(sort);
  const of = Int32Array.from(fields, (field) => values.indexOf(field));
  return { groups: new Map([['column', { values, of }]]) };
}
const ages = (list: readonly number[]) => column(list.map(String), (a, b) => Number(a) - Number(b));
const all = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);
const listed = (data: Parameters<typeof groupsBy>[0], count: number) =>
  groupsBy(data, 'column', all(count)).map(({ name, indices }) => [name, [...indices]]);

describe('groupsBy', () => {
  test('makes a group of each value, and one of those without', () => {
    expect(listed(column(['m', '', 'f', 'm']), 4)).toEqual([
      ['f', [2]],
      ['m', [0, 3]],
      ['unknown', [1]],
    ]);
    expect(listed(column(['m', '', 'f', 'm']), 1)).toEqual([['m', [0]]]);
  });

  test('leaves few numbers as they are and divides many into ranges', () => {
    expect(listed(ages([30, 20, 30]), 3).map(([name]) => name)).toEqual(['20', '30']);
    const names = listed(ages(Array.from({ length: 40 }, (_, i) => 20 + i)), 40);
    expect(names.map(([name]) => name)).toEqual(['20 to 29', '30 to 39', '40 to 49', '50 to 59']);
    // Half of the people are 20: they are one range, however many more there should be.
    const skewed = ages([...Array<number>(20).fill(20), ...Array.from({ length: 20 }, (_, i) => 21 + i)]);
    expect(listed(skewed, 40).map(([name]) => name)).toEqual(['20', '21 to 30', '31 to 40']);
    const words = Array.from({ length: 10 }, (_, i) => `set ${i}`);
    expect(listed(column(words), 10)).toHaveLength(10);
  });

  test('puts every sample into exactly one group', () => {
    const age = fc.option(fc.integer({ min: 1, max: 90 }), { nil: '' });
    fc.assert(
      fc.property(fc.array(age, { minLength: 1, maxLength: 80 }), (fields) => {
        const data = column(fields.map(String), (a, b) => Number(a) - Number(b));
        const groups = groupsBy(data, 'column', all(fields.length));
        expect(groups.flatMap(({ indices }) => [...indices]).sort((a, b) => a - b)).toEqual([
          ...all(fields.length),
        ]);
        for (const { indices } of groups) expect(indices.length).toBeGreaterThan(0);
      }),
    );
  });

  test('knows people by their numbers', () => {
    const groups = groupsBy({ subjects: Int32Array.of(2, 0, 2) }, 'subject', Uint32Array.of(0, 2));
    expect(groups).toEqual([{ name: '3', indices: Uint32Array.of(0, 2) }]);
  });

  test('says which columns there are', () => {
    const refusal = (hint: string) =>
      expect.objectContaining({
        code: 'INVALID_OPTION',
        data: expect.objectContaining({ given: 'x', hint }),
      });
    const both = { ...column(['a']), subjects: Int32Array.of(0) };
    expect(() => groupsBy(both, 'x', all(1))).toThrow(refusal('These data have subject, column'));
    expect(() => groupsBy({}, 'x', all(1))).toThrow(
      expect.objectContaining({ message: expect.stringContaining('Only a manifest') }),
    );
  });
});
