import { expect, test } from 'vitest';
import { type RandomStream, randomStream } from '../../src/core/random.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import type { EvaluationReport, Evaluator } from '../../src/fitness/evaluator.ts';
import { inlineEvaluator } from '../../src/fitness/inline-evaluator.ts';
import { timeless, tinyRun } from './running.ts';

/** Reports each list in an order of its own. */
function permuted(inner: Evaluator, random: RandomStream): Evaluator {
  return {
    async *evaluate(requests, options) {
      const reports: EvaluationReport[] = [];
      for await (const report of inner.evaluate(requests, options)) reports.push(report);
      yield* random.shuffle(reports);
    },
    close: () => inner.close(),
  };
}

test('a run ends alike, in any order of its evaluations', { timeout: 180_000 }, async () => {
  const options = { baseline: true, controls: 'all' } as const;
  const expected = timeless(await evolvePatches({ ...tinyRun, ...options }));
  for (let trial = 0; trial < 3; trial++) {
    const random = randomStream('order', trial);
    const result = await evolvePatches({
      ...tinyRun,
      ...options,
      evaluator: ({ dataset, engine }) => permuted(inlineEvaluator(dataset, engine), random),
    });
    expect(timeless(result)).toBe(expected);
  }
});
