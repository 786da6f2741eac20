import { describe, expect, test } from 'vitest';
import { classWarnings, countClasses, requireTrainableClasses } from '../../src/data/class-counts.ts';
import { SPLITS } from '../../src/data/dataset.ts';

type Counts = Readonly<Record<string, readonly [train: number, validation: number, test: number]>>;

function labelled(counts: Counts) {
  const classes = Object.keys(counts);
  const rows = classes.flatMap((name, label) =>
    SPLITS.flatMap((_, split) => Array.from({ length: counts[name][split] }, () => [label, split])),
  );
  return {
    name: 'faces',
    classes,
    labels: Uint8Array.from(rows, ([label]) => label),
    splits: Uint8Array.from(rows, ([, split]) => split),
  };
}

test('countClasses counts the faces of each class in each split', () => {
  expect(countClasses(labelled({ a: [3, 1, 0], b: [2, 0, 4] }))).toEqual({
    train: [3, 2],
    validation: [1, 0],
    test: [0, 4],
  });
});

describe('classWarnings', () => {
  test.each<[string, Counts, string[]]>([
    ['nothing of sound data', { a: [2, 1, 1], b: [2, 1, 1] }, []],
    ['nothing of a split without faces', { a: [0, 0, 2], b: [0, 0, 2] }, []],
    [
      'of classes that a split lacks',
      { a: [2, 1, 1], b: [2, 1, 1], c: [0, 0, 1] },
      ['no training face is of c', 'no validation face is of c'],
    ],
    ['of a split of one class', { a: [2, 1, 3], b: [2, 1, 0] }, ["all test faces are of one class, 'a'"]],
    [
      'of similar names',
      { Happy: [1, 1, 0], happy: [1, 1, 0] },
      ["the classes 'Happy' and 'happy' differ in case, spaces or invisible characters alone"],
    ],
  ])('tells %s', (_, counts, warnings) => {
    expect(classWarnings(labelled(counts))).toEqual(warnings);
  });

  test('names some of many classes', () => {
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`c${i}`, [1, i < 2 ? 1 : 0, 0] as const]),
    );
    expect(classWarnings(labelled(many))).toEqual([
      'no validation face is of c2, c3, c4, c5, c6, c7, c8, c9 and 10 more',
    ]);
  });
});

describe('requireTrainableClasses', () => {
  test('takes sound data, and classes that validation or test lack', () => {
    requireTrainableClasses(labelled({ a: [1, 1, 1], b: [1, 0, 0] }));
  });

  test.each<[string, Counts, RegExp, RegExp]>([
    ['no training faces', { a: [0, 1, 0], b: [0, 0, 1] }, /there is no training face/, /each class/],
    [
      'training faces of one class',
      { a: [5, 1, 0], b: [0, 2, 1] },
      /all training faces are 'a'/,
      /each class/,
    ],
    ['one class', { a: [5, 1, 1] }, /all training faces are 'a'/, /each class/],
    [
      'a class of a mistaken name',
      { angry: [5, 0, 0], sad: [5, 0, 3], anger: [0, 0, 4] },
      /no training face is of 'anger' \(0 validation, 4 test\)/,
      /merge or leave out classes with --classes angry,sad,anger=angry$/,
    ],
    [
      'a class that only the test has',
      { a: [5, 0, 0], b: [5, 0, 3], other: [0, 0, 4] },
      /no training face is of 'other'/,
      /leave classes out with --classes a,b$/,
    ],
    [
      'names that differ in case',
      { 'Very happy': [5, 1, 1], 'very happy': [5, 1, 1], sad: [5, 1, 1] },
      /'Very happy' and 'very happy' differ/,
      /--classes 'Very happy,very happy=Very happy,sad'$/,
    ],
  ])('refuses %s', (_, counts, problem, hint) => {
    const refusal = {
      code: 'INVALID_DATA',
      problem: expect.stringMatching(problem),
      data: { hint: expect.stringMatching(hint) },
    };
    expect(() => requireTrainableClasses(labelled(counts))).toThrow(expect.objectContaining(refusal));
  });
});
