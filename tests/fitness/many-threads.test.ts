import { expect, test } from 'vitest';
import { PoolEvaluator } from '../../src/fitness/pool-evaluator.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { dataset, evaluateAll, request } from './requests.ts';

test('a pool of many threads warns of nothing', { timeout: 60_000 }, async () => {
  const warnings: string[] = [];
  const listen = ({ name, message }: Error) => warnings.push(`${name}: ${message}`);
  process.on('warning', listen);
  const { name, variant } = await openEngine();
  const threads = { engine: `${name}:${variant}`, workers: 12, timeoutSeconds: 60, retries: 0 };
  const pool = new PoolEvaluator({ dataset, ...threads });
  const requests = Array.from({ length: 12 }, (_, index) => request(`many ${index}`));
  const evaluations = await evaluateAll(pool, requests);
  await pool.close();
  await new Promise(setImmediate); // warnings come in the next turn
  process.off('warning', listen);
  expect(evaluations.map(({ status }) => status)).toEqual(requests.map(() => 'ok'));
  expect(warnings).toEqual([]);
});
