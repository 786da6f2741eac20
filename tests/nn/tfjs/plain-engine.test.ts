import { createRequire } from 'node:module';
import { describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../../src/fitness/evaluate.ts';
import { PoolEvaluator } from '../../../src/fitness/pool-evaluator.ts';
import { openEngine } from '../../../src/nn/engine.ts';
import { tinyFaces } from '../../fitness/tiny-faces.ts';
import { expectConformance, tinyRequest } from './conformance.ts';

const engine = await openEngine('tfjs:cpu');

describe('tfjs', { timeout: 300_000 }, () => {
  expectConformance(engine, createRequire(import.meta.url)('@tensorflow/tfjs-core'), 50);

  it('trains in threads', async () => {
    const dataset = tinyFaces({ train: 16, validation: 16 });
    const pool = new PoolEvaluator({
      dataset,
      engine: 'tfjs:cpu',
      workers: 2,
      timeoutSeconds: 240,
      retries: 0,
    });
    try {
      const requests = ['a', 'b'].map(tinyRequest);
      for await (const { evaluation, index } of pool.evaluate(requests)) {
        expect(evaluation).toEqual(evaluate(engine, dataset, requests[index]));
        expect(evaluation.status).toBe('ok');
      }
    } finally {
      await pool.close();
    }
  });
});

it('the engine in plain JavaScript says once that it is slow', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  try {
    for (let i = 0; i < 2; i++)
      expect(await openEngine('tfjs')).toMatchObject({ name: 'tfjs', variant: 'cpu' });
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/slower than 'native'/), { code: 'EVOPATCH_TFJS' }],
    ]);
  } finally {
    warn.mockRestore();
  }
  await expect(openEngine('tfjs:webgl')).rejects.toThrow(/no backend 'webgl'.*tfjs:cpu/);
});
