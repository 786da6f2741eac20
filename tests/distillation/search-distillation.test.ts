import { expect, test } from 'vitest';
import { type Dataset, indicesOf } from '../../src/data/dataset.ts';
import { searchDistillation } from '../../src/distillation/search-distillation.ts';
import type { TrainingRequest } from '../../src/fitness/evaluation.ts';
import { inlineEvaluator } from '../../src/fitness/inline-evaluator.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { SMALL, someFaces } from '../ensemble/models.ts';

/** Logits that say the true class. */
function knowing({ labels, classes }: Dataset) {
  const logits = new Float32Array(labels.length * classes.length);
  for (const [i, label] of labels.entries()) logits[i * classes.length + label] = 6;
  return { logits, hash: 'knowing', temperature: 1, mixing: 1, squared: false };
}

test('every cell of the grid is trained on a part of the training rows and measured on the rest', async () => {
  const dataset = await someFaces();
  const spec = toNetworkSpec(SMALL, { classes: dataset.classes.length, frame: dataset.frame });
  const inner = inlineEvaluator(dataset, await openEngine());
  const seen: TrainingRequest[] = [];
  const evaluator: typeof inner = {
    evaluate: (requests, options) => {
      seen.push(...requests);
      return inner.evaluate(requests, options);
    },
    close: () => inner.close(),
  };
  const options = { spec, dataset, teacher: knowing(dataset), evaluator, seeds: 2 };
  const config = { epochs: 1, batchSize: 16 };
  const grid = { temperatures: [1, 4], mixings: [0.5, 1] };
  const told: string[] = [];
  const onTrained = (done: number, total: number) => void told.push(`${done}/${total}`);
  const { alone, cells, training, measured } = await searchDistillation({
    ...options,
    ...grid,
    config,
    onTrained,
  });
  expect(alone).toMatchObject({ mixing: 0 });
  expect(cells.map(({ temperature, mixing }) => `${temperature} ${mixing}`).sort()).toEqual([
    '1 0.5',
    '1 1',
    '4 0.5',
    '4 1',
  ]);
  expect(cells.map(({ accuracy }) => accuracy)).toEqual(
    cells.map(({ accuracy }) => accuracy).toSorted((a, b) => b - a),
  );
  expect(told.at(-1)).toBe('10/10');
  const rows = indicesOf(dataset, 'train');
  expect(training + measured).toBe(rows.length);
  for (const request of seen) {
    const used = [...request.stages[0].training, ...request.validation].sort((a, b) => a - b);
    expect(used).toEqual([...rows]);
  }
  expect(seen.filter(({ teacher }) => teacher === undefined)).toHaveLength(2);
});

test('impossible grids are refused', async () => {
  const dataset = await someFaces();
  const spec = toNetworkSpec(SMALL, { classes: dataset.classes.length, frame: dataset.frame });
  const evaluator = inlineEvaluator(dataset, await openEngine());
  for (const wrong of [{ temperatures: [0] }, { mixings: [2] }, { temperatures: [] }, { seeds: 0 }]) {
    const search = searchDistillation({ spec, dataset, teacher: knowing(dataset), evaluator, ...wrong });
    await expect(search).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  }
});
