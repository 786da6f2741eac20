// What each alignment does to accuracy: one fixed patch network (a mirrored pair over eyes and brows, and the mouth), one
// recipe, on the same pictures brought into their frames in each way, with several seeds. Landmarks are searched for and
// kept; measured on the validation split.
//
//   node research/faces/alignment.js --data FER.csv.gz [--epochs 12] [--seeds a,b,c] [--limit N] [--workers N] [--cache DIR] [--json]
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { defaultCacheFolder } from '../../dist/core/cache-folder.js';
import { indicesOf } from '../../dist/data/dataset.js';
import { loadDataset } from '../../dist/data/load-dataset.js';
import { stratifiedSplit } from '../../dist/data/splits.js';
import { PoolEvaluator } from '../../dist/fitness/pool-evaluator.js';
import { HAND_MADE_NETWORK } from '../../dist/genome/layouts.js';
import { coveredPixels, patchAt } from '../../dist/genome/patches.js';
import { toNetworkSpec } from '../../dist/genome/to-network-spec.js';
import { ALIGNMENTS } from '../../dist/landmarks/alignment.js';
import { FACE_FRAME } from '../../dist/landmarks/frame-geometry.js';
import { macCount, parameterCount } from '../../dist/network/describe.js';
import { openEngine } from '../../dist/nn/engine.js';
import { trainingConfig } from '../../dist/nn/training-config.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    epochs: { type: 'string', default: '12' },
    seeds: { type: 'string', default: 'a,b,c' },
    limit: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
    cache: { type: 'string', default: defaultCacheFolder() },
    json: { type: 'boolean', default: false },
  },
});
if (values.data === undefined) throw new Error('--data FER.csv.gz is needed');

const eyes = patchAt({ x: 12, y: 16, width: 20, height: 16 }, { mirrored: true, scale: 1 }, FACE_FRAME);
const mouth = patchAt({ x: 18, y: 38, width: 28, height: 16 }, { mirrored: false, scale: 1 }, FACE_FRAME);
const genome = { patches: [eyes, mouth], network: { ...HAND_MADE_NETWORK, denseUnits: 32 } };
const config = trainingConfig({
  epochs: Number(values.epochs),
  batchSize: 64,
  optimizer: 'adamw',
  learningRate: 3e-3,
  schedule: 'cosine',
  flip: true,
  shift: 1,
});
const engine = await openEngine();
const exact = `${engine.name}:${engine.variant}`;
const seeds = values.seeds.split(',');

/** The samples of a split, or a stratified choice of them. */
function samples(dataset, split) {
  const all = indicesOf(dataset, split);
  const limit = Number(values.limit ?? all.length);
  return limit < all.length ? stratifiedSplit(dataset, all, limit / all.length, 'bench').first : all;
}

const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
/** Standard deviation of a sample; 0 of a single value. */
function deviation(list) {
  const middle = mean(list);
  const squares = list.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, list.length - 1));
}

async function train(align) {
  const dataset = await loadDataset(values.data, { align, cacheFolder: values.cache });
  const spec = toNetworkSpec(genome, { classes: dataset.classes.length, frame: dataset.frame });
  const parts = { training: samples(dataset, 'train'), validation: samples(dataset, 'validation') };
  const stages = [{ training: parts.training, config }];
  const { validation } = parts;
  const requests = seeds.map((seed) => ({ spec, stages, validation, seed, keepWeights: false }));
  const workers = Math.min(Number(values.workers), seeds.length);
  const pool = new PoolEvaluator({ dataset, engine: exact, workers, timeoutSeconds: 36_000, retries: 0 });
  const runs = [];
  try {
    for await (const { index, evaluation } of pool.evaluate(requests)) {
      if (evaluation.status === 'failed') throw new Error(`${align}: ${evaluation.message}`);
      runs[index] = { seed: seeds[index], accuracy: evaluation.accuracy, loss: evaluation.loss };
    }
  } finally {
    await pool.close();
  }
  const accuracies = runs.map(({ accuracy }) => accuracy);
  return {
    align,
    accuracy: mean(accuracies),
    deviation: deviation(accuracies),
    loss: mean(runs.map(({ loss }) => loss)),
    unaligned: dataset.unaligned,
    training: parts.training.length,
    validation: parts.validation.length,
    classes: dataset.classes.length,
    runs,
  };
}

const alignments = [];
for (const align of ALIGNMENTS) alignments.push(await train(align));

const [{ classes, training, validation }] = alignments;
const spec = toNetworkSpec(genome, { classes, frame: FACE_FRAME });
const network = {
  parameters: parameterCount(spec),
  macs: macCount(spec),
  pixels: coveredPixels(genome, FACE_FRAME),
};
if (values.json) console.log(JSON.stringify({ engine: exact, epochs: config.epochs, network, alignments }));
else {
  const { parameters, macs, pixels } = network;
  console.log(`${parameters} parameters, ${macs} multiply-accumulates, ${pixels} pixels, on ${exact}`);
  console.log(
    `${config.epochs} epochs of ${training} faces, measured on ${validation}, seeds ${seeds.join(', ')}`,
  );
  console.log('alignment    accuracy       loss   not aligned');
  for (const { align, accuracy, deviation: spread, loss, unaligned } of alignments) {
    const share = `${(100 * accuracy).toFixed(2)} ± ${(100 * spread).toFixed(2)} %`;
    console.log(
      `${align.padEnd(11)} ${share.padStart(14)}  ${loss.toFixed(3)} ${String(unaligned).padStart(13)}`,
    );
  }
}
