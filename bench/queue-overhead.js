// What the queue takes for an evaluation: trainings that end at once, through Redis on this machine and one worker process, some of
// them under way at a time, as in an asynchronous search.
//
//   node bench/queue-overhead.js [--evaluations 2000] [--open 1,2,16,256] [--threads 2] [--json]
//
// Needs redis-server (REDIS_SERVER names another). The overhead of an evaluation is the wall-clock time over their number; with one
// under way it is the whole way there and back.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { randomStream } from '../dist/core/random.js';
import { syntheticFaces } from '../dist/data/synthetic/index.js';
import { parseGenomeBounds } from '../dist/genome/bounds.js';
import { randomGenome } from '../dist/genome/random.js';
import { toNetworkSpec } from '../dist/genome/to-network-spec.js';
import { openEngine } from '../dist/nn/engine.js';
import { trainingConfig } from '../dist/nn/training-config.js';
import { queueEvaluator } from '../dist/queue/index.js';

const { values } = parseArgs({
  options: {
    evaluations: { type: 'string', default: '2000' },
    open: { type: 'string', default: '1,2,16,256' },
    threads: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
const count = Number(values.evaluations);
const folder = mkdtempSync(join(tmpdir(), 'evopatch-queue-'));
const port = await freePort();
const words = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
const server = spawn(process.env.REDIS_SERVER ?? 'redis-server', words.map(String), { stdio: 'ignore' });
const redis = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null });
const connection = `redis://127.0.0.1:${port}`;
const dataRoot = join(folder, 'data');
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const workerFile = here('../tests/queue/instant-worker.js');
const workerOptions = { connection, dataRoot, workers: Number(values.threads), workerFile };
const child = here('../tests/queue/worker-child.js');
const worker = spawn(process.execPath, [child, JSON.stringify(workerOptions)], { stdio: 'ignore' });

const end = () => {
  for (const process of [worker, server]) process.kill();
};
process.on('exit', end);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const dataset = syntheticFaces({ count: 140 });
const evaluator = await queueEvaluator({ connection, dataRoot, onWarning: () => undefined })({
  dataset,
  engine: await openEngine(),
});
const bounds = parseGenomeBounds({ classes: 7 });
const specs = Array.from({ length: 100 }, (_, index) =>
  toNetworkSpec(randomGenome(bounds, randomStream('overhead', index)), bounds),
);
const samples = (from, to) => Uint32Array.from({ length: to - from }, (_, index) => from + index);
const stages = [{ training: samples(0, 64), config: trainingConfig({ epochs: 1 }) }];
const request = (seed, index) => {
  return { spec: specs[index % specs.length], stages, validation: samples(64, 96), seed, keepWeights: false };
};
for await (const _ of evaluator.evaluate([request('first', 0)])); // the worker has started

const rows = [];
for (const open of values.open.split(',').map(Number)) {
  let next = 0;
  let most = 0;
  const look = setInterval(async () => {
    most = Math.max(most, await usedMemory());
  }, 200);
  const processor = process.cpuUsage();
  const start = performance.now();
  const lane = async () => {
    while (next < count) {
      const index = next++;
      for await (const _ of evaluator.evaluate([request(`${open} ${index}`, index)]));
    }
  };
  await Promise.all(Array.from({ length: open }, lane));
  const milliseconds = (performance.now() - start) / count;
  const { user, system } = process.cpuUsage(processor);
  clearInterval(look);
  most = Math.max(most, await usedMemory());
  const row = {
    open,
    milliseconds,
    coordinatorMilliseconds: (user + system) / 1000 / count,
    megabytes: most / 2 ** 20,
  };
  rows.push(row);
  if (!values.json) {
    console.log(
      `${String(open).padStart(5)} under way: ${milliseconds.toFixed(2)} ms an evaluation, of them ` +
        `${row.coordinatorMilliseconds.toFixed(2)} ms of the coordinator's processor; Redis ${row.megabytes.toFixed(1)} MB`,
    );
  }
}
if (values.json) console.log(JSON.stringify({ evaluations: count, threads: Number(values.threads), rows }));
await evaluator.close();
redis.disconnect();
end();
await sleep(500);
rmSync(folder, { recursive: true, force: true });

async function usedMemory() {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address();
      probe.close(() => resolve(free));
    });
  });
}
