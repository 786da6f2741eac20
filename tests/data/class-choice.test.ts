import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClassChoice,
  chooseClasses,
  formatClassChoice,
  parseClassChoice,
  removeEmptyClasses,
} from '../../src/data/class-choice.ts';
import { hashOf } from '../../src/data/dataset-builder.ts';
import { EXPRESSIONS, syntheticFaces } from '../../src/data/synthetic/index.ts';

const faces = syntheticFaces({ count: 70 });

describe('parseClassChoice', () => {
  test.each([
    [
      'happy,sad',
      [
        ['happy', 'happy'],
        ['sad', 'sad'],
      ],
    ],
    [
      ' happy = positive , sad=negative',
      [
        ['happy', 'positive'],
        ['sad', 'negative'],
      ],
    ],
    [
      'a\\,b,c\\=d=e\\\\f',
      [
        ['a,b', 'a,b'],
        ['c=d', 'e\\f'],
      ],
    ],
    [
      '\\ padded\\ , two words',
      [
        [' padded ', ' padded '],
        ['two words', 'two words'],
      ],
    ],
    [
      'злость=гнев,😀',
      [
        ['злость', 'гнев'],
        ['😀', '😀'],
      ],
    ],
  ])('reads %j', (text, choice) => {
    expect(parseClassChoice(text)).toEqual(choice);
  });

  test.each(['', ',', 'happy,', 'happy=', '=happy', 'a=b=c', ' , '])('refuses %j', (text) => {
    const refusal = {
      code: 'INVALID_OPTION',
      data: expect.objectContaining({ option: 'classes', given: text }),
    };
    expect(() => parseClassChoice(text)).toThrow(expect.objectContaining(refusal));
  });

  test('reads back any names', () => {
    const name = fc.string({ minLength: 1, unit: fc.constantFrom(...'ab,=\\ \tß😀') });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name), { minLength: 1 }), (choice) => {
        expect(parseClassChoice(formatClassChoice(choice))).toEqual(choice);
      }),
    );
  });
});

describe('chooseClasses', () => {
  test('keeps, orders, renames and merges classes; every face keeps its picture, split and person', () => {
    const names = fc.constantFrom('x', 'y', 'z');
    const choices = fc
      .uniqueArray(fc.tuple(fc.constantFrom(...EXPRESSIONS), fc.option(names, { nil: undefined })), {
        minLength: 1,
        selector: ([from]) => from,
      })
      .map((pairs): ClassChoice => pairs.map(([from, to]) => (to === undefined ? from : [from, to])));
    fc.assert(
      fc.property(choices, (choice) => {
        const chosen = chooseClasses(faces, choice);
        const renamed = new Map(choice.map((entry) => (typeof entry === 'string' ? [entry, entry] : entry)));
        expect(chosen.classes).toEqual([...new Set(renamed.values())]);
        const kept = [...faces.labels.keys()].filter((i) => renamed.has(EXPRESSIONS[faces.labels[i]]));
        expect(chosen.count).toBe(kept.length);
        for (const [index, sample] of kept.entries()) {
          expect(chosen.classes[chosen.labels[index]]).toBe(renamed.get(EXPRESSIONS[faces.labels[sample]]));
          expect(chosen.splits[index]).toBe(faces.splits[sample]);
          expect(chosen.subjects?.[index]).toBe(faces.subjects?.[sample]);
          const pixels = (of: typeof faces, i: number) => of.frames.subarray(i * 4096, (i + 1) * 4096);
          expect(Buffer.compare(pixels(chosen, index), pixels(faces, sample))).toBe(0);
        }
        expect(chosen.hash).toBe(hashOf(chosen));
        expect(chosen.labels.buffer).toBeInstanceOf(SharedArrayBuffer);
      }),
      { numRuns: 30 },
    );
  });

  test('all classes in their order are the same data set', () => {
    expect(chooseClasses(faces, faces.classes).hash).toBe(faces.hash);
    expect(chooseClasses(faces, faces.classes.toReversed()).hash).not.toBe(faces.hash);
  });

  test.each([
    [
      ['hapy'],
      'hapy',
      /^'synthetic:70' has no face of this class$/,
      /Did you mean 'happy'\? .*angry, disgust/,
    ],
    [['happiness'], 'happiness', /no face/, /Did you mean 'happy'/],
    [['bored'], 'bored', /no face/, /^The classes are angry/],
    [['happy', ['happy', 'sad']], 'happy,happy=sad', /chosen twice/, /NAME=NEW_NAME/],
  ] as const)('refuses %j', (choice, given, problem, hint) => {
    const data = expect.objectContaining({ option: 'classes', given, hint: expect.stringMatching(hint) });
    const refusal = { code: 'INVALID_OPTION', problem: expect.stringMatching(problem), data };
    expect(() => chooseClasses(faces, choice)).toThrow(expect.objectContaining(refusal));
  });
});

test('removeEmptyClasses keeps classes with faces in their order, and data without an empty class as they are', () => {
  expect(removeEmptyClasses(faces).dataset).toBe(faces);
  const padded = { ...faces, classes: ['none', ...faces.classes, 'nobody'] };
  const labels = faces.labels.map((label) => label + 1);
  const { dataset, empty } = removeEmptyClasses({ ...padded, labels });
  expect(empty).toEqual(['none', 'nobody']);
  expect(dataset).toMatchObject({ classes: faces.classes, hash: faces.hash });
});
