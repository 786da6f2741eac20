// Starts many small runs, stops each while its threads start or train, and prints the threads and the memory before
// and after.
import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { syntheticFaces } from '../../dist/data/synthetic/index.js';
import { evolvePatches } from '../../dist/evolution/evolve-patches.js';

const runs = Number(process.argv[2]);
const dataset = syntheticFaces({ count: 140 });
const counts = () => ({ threads: readdirSync('/proc/self/task').length, bytes: process.memoryUsage().rss });

async function stoppedRun(delay) {
  const stop = new AbortController();
  const run = evolvePatches({
    dataset,
    workers: 2,
    population: 4,
    generations: 50,
    baseline: false,
    controls: 'none',
    fitness: { epochs: 1000, batchSize: 16 },
    bounds: { maximumFilters: 8, maximumSide: 16 },
    signal: stop.signal,
  });
  await setTimeout(delay);
  stop.abort();
  return await run.then(
    () => 'ended',
    ({ code }) => code,
  );
}

const outcomes = [await stoppedRun(100), await stoppedRun(100)];
const before = counts();
for (let i = 0; i < runs; i++) outcomes.push(await stoppedRun((150 * i) / runs));
process.stdout.write(JSON.stringify({ outcomes, before, after: counts() }));
