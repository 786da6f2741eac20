import { expect, test } from 'vitest';
import { PoolEvaluator } from '../../src/fitness/pool-evaluator.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { dataset, evaluateAll, request } from './requests.ts';

test('many threads that work on many lists are no reason for a warning', { timeout: 60_000 }, async () => {
  const warnings: string[] = [];
  const listen = ({ name, message }: Error) => warnings.push(`${name}: ${message}`);
  process.on('warning', listen);
  const { name, variant } = await openEngine();
  const threads = { engine: `${name}:${variant}`, workers: 12, timeoutSeconds: 60, retries: 0 };
  const pool = new PoolEvaluator({ dataset, ...threads });
  const requests = Array.from({ length: 12 }, (_, index) => request(`many ${index}`));
  const { signal } = new AbortController();
  const lists = await Promise.all(
    [requests, ...requests.map((one) => [one])].map((list) => evaluateAll(pool, list, signal)),
  );
  await pool.close();
  await new Promise(setImmediate); // warnings come in the next turn
  process.off('warning', listen);
  expect(lists.flat().map(({ status }) => status)).toEqual(Array(24).fill('ok'));
  expect(warnings).toEqual([]);
});
