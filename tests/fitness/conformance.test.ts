import { expect, test } from 'vitest';
import { contentKey } from '../../src/fitness/evaluation.ts';
import { memoryStore } from '../../src/fitness/evaluation-store.ts';
import type { Evaluator, OpenEvaluator } from '../../src/fitness/evaluator.ts';
import { inlineEvaluator } from '../../src/fitness/inline-evaluator.ts';
import { PoolEvaluator } from '../../src/fitness/pool-evaluator.ts';
import { storedEvaluator } from '../../src/fitness/stored-evaluator.ts';
import { checkEvaluator } from '../../src/testing/index.ts';

type Run = Parameters<OpenEvaluator>[0];

const inline = ({ dataset, engine }: Run) => inlineEvaluator(dataset, engine);
const pool = ({ dataset, engine }: Run, workers: number) => {
  const exactEngine = `${engine.name}:${engine.variant}`;
  return new PoolEvaluator({ dataset, engine: exactEngine, workers, timeoutSeconds: 60, retries: 0 });
};
const stored = (inner: Evaluator, { dataset, engine }: Run) =>
  storedEvaluator(inner, [memoryStore()], (one) => contentKey(one, dataset.hash, engine.numerics));

const kinds: [string, OpenEvaluator][] = [
  ['inline', inline],
  ['pool of 1', (run) => pool(run, 1)],
  ['pool of 2', (run) => pool(run, 2)],
  ['pool of 3', (run) => pool(run, 3)],
  ['inline with a store', (run) => stored(inline(run), run)],
  ['pool with a store', (run) => stored(pool(run, 2), run)],
];

test.each(kinds)('the evaluator conforms: %s', { timeout: 120_000 }, async (_, open) => {
  await expect(checkEvaluator(open)).resolves.toBeUndefined();
});

// The suite itself must notice each fault.
const faults: [RegExp, (evaluator: Evaluator) => Evaluator['evaluate']][] = [
  [/every request/, () => async function* () {}],
  [
    /direct call/,
    ({ evaluate }) =>
      async function* (requests, options) {
        for await (const { index, ...rest } of evaluate(requests, options)) {
          yield { ...rest, index: requests.length - 1 - index };
        }
      },
  ],
  [
    /ABORTED/,
    ({ evaluate }) =>
      async function* (requests, options) {
        if (options?.signal?.aborted) throw new Error('stopped');
        yield* evaluate(requests, options);
      },
  ],
];
test.each(faults)('the suite refuses an evaluator with a fault: %s', async (message, broken) => {
  const open = (run: Run) => {
    const evaluator = inline(run);
    return { ...evaluator, evaluate: broken(evaluator) };
  };
  await expect(checkEvaluator(open)).rejects.toThrow(message);
});
