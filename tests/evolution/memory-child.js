// Runs a search of two thousand evaluations and prints the memory after each generation, in bytes.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { syntheticFaces } from '../../dist/data/synthetic/index.js';
import { evolvePatches } from '../../dist/evolution/evolve-patches.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const [runFolder, workers] = process.argv.slice(2);
const memory = [];
const result = await evolvePatches({
  dataset: syntheticFaces({ count: 70 }),
  runFolder,
  workers: Number(workers),
  population: 40,
  generations: 36,
  baseline: false,
  controls: 'none',
  repeats: 1,
  fitness: { epochs: 3, batchSize: 16 }, // two rungs, so that states are kept and let go
  final: { epochs: 1, batchSize: 16 },
  bounds: { maximumFilters: 8, maximumSide: 16 },
  onEvent: ({ type }) => {
    if (type !== 'generation') return;
    collectGarbage();
    memory.push(process.memoryUsage().rss);
  },
});
process.stdout.write(JSON.stringify({ evaluations: result.evaluations, memory }));
