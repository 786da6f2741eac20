// evopatch's pool of two worker threads; the setting is an engine. Called as population-peers.js says.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { syntheticFaces } from '../../dist/data/synthetic/index.js';
import { PoolEvaluator } from '../../dist/fitness/pool-evaluator.js';
import { openEngine } from '../../dist/nn/engine.js';
import { trainingConfig } from '../../dist/nn/training-config.js';

const text = { type: 'string' };
const { values } = parseArgs({
  options: { networks: text, data: text, faces: text, epochs: text, batch: text, settings: text },
});
const dataset = syntheticFaces({ count: Number(values.faces) });
const specs = JSON.parse(readFileSync(values.networks, 'utf8'));
const { name, variant } = await openEngine(values.settings);
const batchSize = Number(values.batch);
const rows = Uint32Array.from({ length: dataset.count }, (_, i) => i);
const training = batchSize * Math.floor((0.8 * dataset.count) / batchSize);
const config = trainingConfig({
  epochs: Number(values.epochs),
  batchSize,
  learningRate: 1e-3,
  schedule: 'constant',
  warmup: 0,
  flip: false,
});
const requests = specs.map((spec, i) => ({
  spec,
  stages: [{ training: rows.slice(0, training), config }],
  validation: rows.slice(training),
  seed: `population ${i}`,
  keepWeights: false,
}));
const pool = new PoolEvaluator({
  dataset,
  engine: `${name}:${variant}`,
  workers: 2,
  timeoutSeconds: 3600,
  retries: 0,
});
const start = performance.now();
const losses = [];
for await (const { index, evaluation } of pool.evaluate(requests)) {
  if (evaluation.status !== 'ok') throw new Error(evaluation.message);
  losses[index] = evaluation.history.at(-1).trainingLoss;
}
const seconds = (performance.now() - start) / 1000;
await pool.close();
console.log(JSON.stringify({ version: `evopatch, ${name} ${variant}`, seconds, losses }));
