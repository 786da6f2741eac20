// One point in a process of its own, so that its peak of memory is that of nothing else: `node point.js POINT`, which is JSON of axes.js.
// Prints the seconds of each stage, the peak of memory in bytes, and the parameters of a network.
import { syntheticFaces } from '../../dist/data/synthetic/index.js';
import { evolvePatches } from '../../dist/evolution/evolve-patches.js';
import { splitForRun } from '../../dist/evolution/splits.js';
import { PoolEvaluator } from '../../dist/fitness/pool-evaluator.js';
import { NETWORK } from '../../dist/genome/network-genes.js';
import { toNetworkSpec } from '../../dist/genome/to-network-spec.js';
import { parameterCount } from '../../dist/network/describe.js';
import { openEngine } from '../../dist/nn/engine.js';
import { trainingConfig } from '../../dist/nn/training-config.js';
import { parseOptions } from '../../dist/options/evolve-options.js';
import { HARDLY_ANY_FINAL } from '../../research/search/methods.js';

const SIDE = 12;
const ROW = 4;

const point = JSON.parse(process.argv[2]);
const stages = {};
const dataset = await timed('drawing', () => syntheticFaces({ count: point.faces }));
const spec = networkOf(point, dataset);
if (point.work === 'search') await timed('work', search);
else {
  const splits = await timed('preparing', split);
  await timed('work', () => train(splits));
}
const peakBytes = 1024 * process.resourceUsage().maxRSS;
console.log(JSON.stringify({ stages, peakBytes, parameters: parameterCount(spec) }));

async function timed(stage, run) {
  const start = performance.now();
  const result = await run();
  stages[stage] = (performance.now() - start) / 1000;
  return result;
}

/** Patches side by side on the face, in rows of four. */
function networkOf({ patches, filters }, { frame, classes }) {
  const placed = Array.from({ length: patches }, (_, i) => ({
    dx: frame.border + SIDE / 2 + SIDE * (i % ROW) - frame.noseX,
    dy: frame.border + SIDE / 2 + SIDE * Math.floor(i / ROW) - frame.noseY,
    width: SIDE,
    height: SIDE,
    mirrored: false,
    scale: 1,
  }));
  const network = NETWORK.complete({ filters, kernel: 3, head: 'flatten', denseUnits: 32, dropout: 0.1 });
  return toNetworkSpec({ patches: placed, network }, { classes: classes.length, frame });
}

function split() {
  const fitness = { samples: dataset.count, epochs: 1 };
  return splitForRun(parseOptions({ dataset, seed: 'growth', fitness }));
}

/** Trains a population of equal networks on all rows once. */
async function train({ fitnessRungs, fitnessValidation, fitnessBatch }) {
  const { name, variant } = await openEngine();
  const engine = `${name}:${variant}`;
  const { workers, population } = point;
  const pool = new PoolEvaluator({ dataset, engine, workers, timeoutSeconds: 3600, retries: 0 });
  const config = trainingConfig({ epochs: 1, batchSize: fitnessBatch });
  const requests = Array.from({ length: population }, (_, i) => ({
    spec,
    stages: [{ training: fitnessRungs.at(-1), config }],
    validation: fitnessValidation,
    seed: `growth ${i}`,
    keepWeights: false,
  }));
  for await (const { evaluation } of pool.evaluate(requests))
    if (evaluation.status !== 'ok') throw new Error(evaluation.message);
  await pool.close();
}

/** A search whose trainings are so short that its own work shows. */
async function search() {
  const { population, workers } = point;
  const fitness = { samples: 256, epochs: 1 };
  const options = { dataset, population, workers, generations: 3, seed: 'growth', fitness };
  await evolvePatches({ ...options, ...HARDLY_ANY_FINAL });
}
