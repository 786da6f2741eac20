// Measures a pool of worker threads: evaluations of random genomes with one worker and with two, in turns, and in the
// calling thread. Prints the ratio of throughputs, the overhead of the pool and the memory of a worker.
//
//   node bench/workers.js [--rounds 5] [--evaluations 8] [--json]
import { parseArgs } from 'node:util';
import { randomStream } from '../dist/core/random.js';
import { syntheticFaces } from '../dist/data/synthetic/index.js';
import { inlineEvaluator } from '../dist/fitness/inline-evaluator.js';
import { PoolEvaluator } from '../dist/fitness/pool-evaluator.js';
import { parseGenomeBounds } from '../dist/genome/bounds.js';
import { randomGenome } from '../dist/genome/random.js';
import { toNetworkSpec } from '../dist/genome/to-network-spec.js';
import { openEngine } from '../dist/nn/engine.js';
import { trainingConfig } from '../dist/nn/training-config.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    evaluations: { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
  },
});
const dataset = syntheticFaces({ count: 2100 });
const engine = await openEngine();
const exact = `${engine.name}:${engine.variant}`;
const bounds = parseGenomeBounds({ classes: 7 });
const indices = (from, to) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
const requests = Array.from({ length: Number(values.evaluations) }, (_, i) => ({
  spec: toNetworkSpec(randomGenome(bounds, randomStream('bench', i)), bounds),
  stages: [{ training: indices(0, 1280), config: trainingConfig({ epochs: 6 }) }],
  validation: indices(1280, 1600),
  seed: 'bench',
  keepWeights: false,
}));

async function seconds(evaluator) {
  const start = performance.now();
  let working = 0;
  for await (const report of evaluator.evaluate(requests)) working += report.seconds;
  return { wall: (performance.now() - start) / 1000, working };
}
const megabytes = () => process.memoryUsage().rss / 2 ** 20;
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

const pool = (workers) =>
  new PoolEvaluator({ dataset, engine: exact, workers, timeoutSeconds: 600, retries: 0 });
const inline = inlineEvaluator(dataset, engine);
await seconds(inline);
const before = megabytes();
const [one, two] = [pool(1), pool(2)];
await seconds(one);
await seconds(two);
const memory = (megabytes() - before) / 3;

const ratios = [];
const overheads = [];
for (let round = 0; round < Number(values.rounds); round++) {
  const alone = await seconds(one);
  const both = await seconds(two);
  ratios.push(alone.wall / both.wall);
  overheads.push((alone.wall - alone.working) / alone.wall);
}
await one.close();
await two.close();

const result = {
  engine: exact,
  evaluations: requests.length,
  twoWorkersOverOne: median(ratios),
  range: [Math.min(...ratios), Math.max(...ratios)],
  poolOverhead: median(overheads),
  megabytesPerWorker: memory,
};
if (values.json) console.log(JSON.stringify(result));
else {
  console.log(`${result.evaluations} evaluations on ${exact}, medians of ${values.rounds} rounds`);
  const [minimum, maximum] = result.range.map((ratio) => ratio.toFixed(2));
  console.log(`two workers over one   ${result.twoWorkersOverOne.toFixed(2)} (${minimum}–${maximum})`);
  console.log(`overhead of the pool   ${(100 * result.poolOverhead).toFixed(2)} %`);
  console.log(`memory of a worker     ${memory.toFixed(0)} MB`);
}
