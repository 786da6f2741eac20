import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { resumeRun } from '../../src/evolution/resume-run.ts';
import type { Evaluator } from '../../src/fitness/evaluator.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { queueEvaluator } from '../../src/queue/index.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { timeless, tinyRun } from '../evolution/running.ts';
import { describePostgres, describeRedis, startPostgres, startRedis, type TestServer } from './servers.ts';
import { killWorkers, startWorker } from './workers.ts';

const options = {
  ...tinyRun,
  surrogate: false,
  controls: 'none',
  finalists: 1,
  asynchronous: true,
} as const;

/** Waits until an evaluator knows of this many threads. */
async function known(evaluator: Evaluator, threads: number): Promise<void> {
  await expect.poll(() => evaluator.parallelism, { timeout: 60_000 }).toBe(threads);
}

async function runAsynchronously(server: TestServer): Promise<void> {
  onTestFinished(server.stop);
  const folder = temporaryFolder();
  const [dataRoot, runFolder, copy] = ['data', 'run', 'copy'].map((name) => join(folder, name));
  const connection = server.url;
  const workers = [1, 2].map((threads) => startWorker({ connection, dataRoot, workers: threads }));
  onTestFinished(() => killWorkers(workers));
  await Promise.all(workers.map(({ said }) => said('takes jobs from')));
  const open = queueEvaluator({ connection, dataRoot });
  const evaluator = await open({ dataset: options.dataset, engine: await openEngine() });
  await known(evaluator, 3);
  const result = await evolvePatches({ ...options, evaluator: () => evaluator, runFolder });
  expect(result.status).toBe('complete');
  const log = await readFile(join(runFolder, 'decisions.jsonl'), 'utf8');
  const entries = log.trimEnd().split('\n');
  const started = entries.filter((line) => line.includes('"type":"started"'));
  expect(started.slice(0, 3).every((line) => line.includes('"known":0'))).toBe(true);
  await mkdir(copy);
  for (const file of ['run.json', 'decisions.jsonl']) await cp(join(runFolder, file), join(copy, file));
  const replayed = await resumeRun({ dataset: options.dataset, runFolder: copy, workers: 0 });
  expect(timeless(replayed)).toBe(timeless({ ...result, timing: replayed.timing }));
}

describeRedis('an asynchronous run on a queue in Redis', () => {
  test('keeps all threads of its workers busy, and follows from its log', { timeout: 300_000 }, async () => {
    await runAsynchronously(await startRedis());
  });
});

describePostgres('an asynchronous run on a queue in PostgreSQL', () => {
  test('keeps all threads of its workers busy, and follows from its log', { timeout: 300_000 }, async () => {
    await runAsynchronously(await startPostgres());
  });
});
