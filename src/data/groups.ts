import { EvopatchError } from '../core/errors.ts';
import { type Dataset, isNumber } from './dataset.ts';

/** Samples with a common value in a column. */
export interface SampleGroup {
  /** A value of the column, `20 to 34` for a range of numbers, `unknown` for an empty field. */
  readonly name: string;
  /** Sample indices, in the order of the input. */
  readonly indices: Uint32Array;
}

/** A column of numbers with more values than this is divided into ranges. */
const MAX_NUMBERS = 8;
const RANGES = 4;

/**
 * Divides samples by a column of the data: one group for each value, and one for empty fields. Numbers with more than eight
 * values, such as ages, are divided at their quartiles into four ranges of about equal size, so that each is measured about
 * equally well. `subject` stands for the people, numbered from 1.
 *
 * @throws EvopatchError `INVALID_OPTION` if the data have no such column.
 */
export function groupsBy(
  dataset: Pick<Dataset, 'groups' | 'subjects'>,
  by: string,
  indices: Uint32Array,
): readonly SampleGroup[] {
  const { groups, subjects } = dataset;
  if (by === 'subject' && subjects !== undefined) {
    const people = [...new Set(Array.from(indices, (sample) => subjects[sample]))].sort((a, b) => a - b);
    return people.map((person) => ({
      name: `${person + 1}`,
      indices: indices.filter((sample) => subjects[sample] === person),
    }));
  }
  const column = groups?.get(by);
  if (column === undefined) {
    const known = [...(subjects === undefined ? [] : ['subject']), ...(groups?.keys() ?? [])];
    const hint =
      known.length > 0
        ? `These data have ${known.join(', ')}`
        : "Only a manifest csv has such columns; write them beside 'path' and 'label'";
    throw new EvopatchError('INVALID_OPTION', 'the data have no such column', {
      option: 'by',
      given: by,
      hint,
    });
  }
  const { values, of } = column;
  const occurring = values.flatMap((name, value) => {
    const samples = indices.filter((sample) => of[sample] === value);
    return samples.length > 0 ? [{ name, indices: samples }] : [];
  });
  const ranged = occurring.length > MAX_NUMBERS && occurring.every(({ name }) => isNumber(name));
  const unknown = indices.filter((sample) => of[sample] < 0);
  return [
    ...(ranged ? rangesOf(occurring, indices) : occurring),
    ...(unknown.length > 0 ? [{ name: 'unknown', indices: unknown }] : []),
  ];
}

/** Merges neighbouring values into ranges; the middle of its samples decides the range of a value. */
function rangesOf(values: readonly SampleGroup[], order: Uint32Array): SampleGroup[] {
  const count = values.reduce((sum, { indices }) => sum + indices.length, 0);
  const ranges: SampleGroup[][] = Array.from({ length: RANGES }, () => []);
  let before = 0;
  for (const value of values) {
    const middle = before + value.indices.length / 2;
    ranges[Math.min(Math.floor((RANGES * middle) / count), RANGES - 1)].push(value);
    before += value.indices.length;
  }
  return ranges
    .filter((range) => range.length > 0)
    .map((range) => {
      const [first, last] = [range[0].name, range[range.length - 1].name];
      const inside = new Set(range.flatMap(({ indices }) => [...indices]));
      const name = first === last ? first : `${first} to ${last}`;
      return { name, indices: order.filter((sample) => inside.has(sample)) };
    });
}
