import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchClasses, withClassesOf } from '../../src/data/match-classes.ts';
import { EXPRESSIONS, syntheticFaces } from '../../src/data/synthetic/index.ts';

test('some of the classes of a model, in any order, are found by their names', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...EXPRESSIONS], { minLength: 1 }), (classes) => {
      const numbers = matchClasses({ name: 'faces', classes }, EXPRESSIONS, 'model');
      expect(numbers.map((number) => EXPRESSIONS[number])).toEqual(classes);
    }),
  );
});

test('withClassesOf changes labels and classes together', () => {
  const faces = syntheticFaces({ count: 70 });
  const known = ['other', ...faces.classes.toReversed()];
  const { labels, classes } = withClassesOf(faces, known, 'model');
  expect(Array.from(labels, (label) => classes[label])).toEqual(
    Array.from(faces.labels, (label) => faces.classes[label]),
  );
});

test.each([
  [['joy', 'sad'], /does not know a class of 'faces': joy$/, /knows angry, .* as in --classes sad$/],
  [
    ['Happiness', 'anger', 'sad'],
    /classes of 'faces': Happiness, anger/,
    /--classes Happiness=happy,anger=angry,sad$/,
  ],
  [['1', '2'], /1, 2/, /--classes 1=angry$/],
])('unknown classes %j are refused with the names that the model knows', (classes, problem, hint) => {
  const data = { file: 'model', given: classes.join(', '), hint: expect.stringMatching(hint) };
  const refusal = { code: 'INVALID_DATA', problem: expect.stringMatching(problem), data };
  expect(() => matchClasses({ name: 'faces', classes }, EXPRESSIONS, 'model')).toThrow(
    expect.objectContaining(refusal),
  );
});
