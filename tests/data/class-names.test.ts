import { expect, test } from 'vitest';
import { nearestClass, similarNames } from '../../src/data/class-names.ts';

test.each([
  ['case', ['Happy', 'happy', 'sad'], [['Happy', 'happy']]],
  ['white space', ['very happy', ' very  happy', 'veryhappy'], [['very happy', ' very  happy', 'veryhappy']]],
  ['forms of Unicode', ['dégoût', 'de\u0301gou\u0302t'], [['dégoût', 'de\u0301gou\u0302t']]],
  ['invisible characters', ['sad', 'sad\u200b', '\ufeffsad', 'fear'], [['sad', 'sad\u200b', '\ufeffsad']]],
  ['wide letters', ['ｈａｐｐｙ', 'happy'], [['ｈａｐｐｙ', 'happy']]],
  [
    'two at once',
    ['A', 'b', 'a', 'B'],
    [
      ['A', 'a'],
      ['b', 'B'],
    ],
  ],
])('names that differ in %s alone are similar', (_, classes, similar) => {
  expect(similarNames(classes)).toEqual(similar);
});

test('names that differ in a letter are not', () => {
  expect(similarNames(['angry', 'anger', 'sad', 'sade', '1', '11', 'о', 'o'])).toEqual([]);
});

test.each([
  ['hapy', 'happy'],
  ['Happy ', 'happy'],
  ['anger', 'angry'],
  ['happiness', 'happy'],
  ['Sadness', 'sad'],
  ['surprised', 'surprise'],
  ['contempt', undefined],
  ['su', undefined],
])('%j most likely stands for %j', (name, meant) => {
  expect(nearestClass(name, ['angry', 'happy', 'sad', 'surprise'])).toBe(meant);
});
