import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import * as z from 'zod';
import type { EvopatchError } from '../core/errors.ts';
import { parse, strictOptions } from '../core/parse.ts';
import { type EngineChoice, openEngine } from '../nn/engine.ts';
import { mismatches, openRuns } from './announcements.ts';
import { BlobClient } from './blob-client.ts';
import { BlobFolder } from './blob-folder.ts';
import type { BlobStore } from './blob-store.ts';
import { DatasetPools } from './dataset-pools.ts';
import { type Identity, identityOf, queueNameOf } from './identity.ts';
import { JobReader } from './job-reader.ts';
import { JobTrainer } from './job-trainer.ts';
import { defaultDataRoot } from './open-queue-evaluator.ts';
import { CLOSING_MILLISECONDS, QueueServer } from './queue-server.ts';
import { workerName } from './worker-threads.ts';

/** A worker that does not renew its locks for this long is dead, and its jobs go to others. */
const LOCK_MILLISECONDS = 30_000;
/** Workers that a job may outlive: machines that are taken away are usual, but a job may also be what kills them. */
const MAX_STALLED = 5;
/** How long trainings may go on after the worker was told to end; Kubernetes waits 30 s. */
const GRACE_MILLISECONDS = 20_000;
const LOOK_MILLISECONDS = 30_000;
/** Finished jobs stay for a generation, so that late duplicates are noticed and a resumed run finds them. */
const KEPT = { count: 2000, age: 24 * 60 * 60 };

export interface QueueWorkerOptions {
  /** As that of `queueEvaluator`. */
  readonly connection: string;
  /** Threads, each of which trains one network at a time. @defaultValue the cores */
  readonly workers?: number;
  /**
   * The folder that the coordinator calls `dataRoot`, or the address at which it serves it: `http://HOST:PORT` or, behind a proxy,
   * `https://…`. @defaultValue `queue` in the cache folder
   */
  readonly dataRoot?: string;
  /** @defaultValue 'auto' */
  readonly engine?: EngineChoice;
  /** Maximum time of one training, seconds. @defaultValue 7200 */
  readonly timeoutSeconds?: number;
  /** Further attempts at a training whose thread died or exceeded its time. @defaultValue 2 */
  readonly retries?: number;
  /** Ends the worker: what ends within 20 s is finished, other trainings go back to the queue. */
  readonly signal?: AbortSignal;
  /** Hears what the worker does, in lines for people. */
  readonly onMessage?: (text: string) => void;
  /** BullMQ's hook for traces and metrics. */
  readonly telemetry?: object;
  /** Milliseconds after which others take the jobs of a dead worker; tests lower it. @defaultValue 30000 */
  readonly lockMilliseconds?: number;
  /** Milliseconds for trainings after the signal; tests lower it. @defaultValue 20000 */
  readonly graceMilliseconds?: number;
  /** The script of the threads; tests of failing threads replace it. */
  readonly workerFile?: string;
}

/** What a worker did. */
export interface QueueWorkerReport {
  /** The queue that it took jobs from. */
  readonly queue: string;
  /** Trainings that it finished. */
  readonly trained: number;
  /** Jobs that it gave back. */
  readonly returned: number;
}

const isFunction = (value: unknown) => typeof value === 'function';
const optionsSchema = strictOptions({
  connection: z.string(),
  workers: z.int().min(1).max(1024).default(availableParallelism),
  dataRoot: z.string().min(1).optional(),
  engine: z.string().default('auto'),
  timeoutSeconds: z.number().positive().default(7200),
  retries: z.int().min(0).default(2),
  signal: z.instanceof(AbortSignal).optional(),
  onMessage: z.custom<(text: string) => void>(isFunction).default(() => () => undefined),
  telemetry: z.custom<object>((value) => typeof value === 'object').optional(),
  lockMilliseconds: z.int().min(100).default(LOCK_MILLISECONDS),
  graceMilliseconds: z.int().min(0).default(GRACE_MILLISECONDS),
  workerFile: z.string().optional(),
});

/**
 * Takes trainings from a queue until the signal ends it, and gives each to threads. Workers join and leave at any time; one that does
 * not match a run (release, numerics, format of jobs) takes none of its jobs and says so.
 *
 * @throws EvopatchError `INVALID_OPTION`, `MISSING_PACKAGE`, `ENGINE_UNAVAILABLE`, `QUEUE_UNAVAILABLE` where the server does not
 * answer at the start; `INVALID_DATA` once it meets data that are not what their hash promises.
 */
export async function runQueueWorker(options: QueueWorkerOptions): Promise<QueueWorkerReport> {
  const settings = parse(optionsSchema, options, 'INVALID_OPTION');
  const { workers, signal, onMessage, lockMilliseconds } = settings;
  const server = new QueueServer(settings.connection, settings.telemetry);
  const store = openStore(settings.dataRoot);
  const engine = await openEngine(settings.engine);
  const exactEngine = `${engine.name}:${engine.variant}`;
  const identity = identityOf(engine);
  const name = queueNameOf(identity);
  const queue = server.queue(name);

  const reader = new JobReader(store);
  const { timeoutSeconds, retries, workerFile } = settings;
  const load: ConstructorParameters<typeof DatasetPools>[0] = async (wanted) => {
    const dataset = await reader.dataset(wanted);
    onMessage(`checked the faces of a run: ${dataset.count}, ${wanted.hash.slice(0, 12)}`);
    return dataset;
  };
  const pools = new DatasetPools(load, { engine: exactEngine, workers, timeoutSeconds, retries, workerFile });
  const [ending, stop] = [new AbortController(), new AbortController()];
  let fatal: EvopatchError | undefined;
  const onFatal = (cause: EvopatchError) => {
    fatal ??= cause;
    ending.abort();
  };
  const trainer = new JobTrainer({
    server,
    queue,
    store,
    reader,
    pools,
    stop: stop.signal,
    onMessage,
    onFatal,
  });
  const worker = server.worker(name, trainer.process, {
    name: workerName(workers),
    autorun: false,
    concurrency: workers,
    lockDuration: lockMilliseconds,
    stalledInterval: lockMilliseconds,
    maxStalledCount: MAX_STALLED,
    removeOnComplete: KEPT,
    removeOnFail: KEPT,
  });
  let outage: string | undefined;
  worker.on('error', ({ message }) => {
    if (message !== outage) onMessage(`warning: ${message}`);
    outage = message;
  });
  worker.on('active', () => {
    outage = undefined;
  });
  const runs = openRuns(server);
  queue.on('error', () => undefined); // the worker reports it
  const end = () => ending.abort();
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  let late: NodeJS.Timeout | undefined;
  let isReady = false;
  try {
    await server.ready(worker);
    isReady = true;
    onMessage(`takes jobs from ${name} at ${server.name}: ${workers} threads, ${exactEngine}`);
    worker.run().catch((cause) => onFatal(server.unavailable(cause)));
    await watchRuns(runs, identity, ending.signal, onMessage);
    late = setTimeout(() => stop.abort(), fatal === undefined ? settings.graceMilliseconds : 0);
  } finally {
    await server.close(worker, isReady ? settings.graceMilliseconds + CLOSING_MILLISECONDS : undefined);
    clearTimeout(late);
    signal?.removeEventListener('abort', end);
    await Promise.allSettled([pools.close(), server.close(queue), server.close(runs)]);
  }
  if (fatal !== undefined) throw fatal;
  return { queue: name, trained: trainer.trained, returned: trainer.returned };
}

/** @throws EvopatchError `INVALID_OPTION` */
function openStore(dataRoot = defaultDataRoot()): BlobStore {
  return /^https?:/.test(dataRoot) ? new BlobClient(dataRoot, defaultDataRoot()) : new BlobFolder(dataRoot);
}

/** Says once of each kind of runs that this worker does not match it, until the signal fires. */
async function watchRuns(
  runs: Queue,
  own: Identity,
  signal: AbortSignal,
  onMessage: (text: string) => void,
): Promise<void> {
  const said = new Set<string>();
  while (!signal.aborted) {
    for (const other of await mismatches(runs, own).catch(() => [])) {
      const name = queueNameOf(other);
      if (said.has(name)) continue;
      said.add(name);
      onMessage(`warning: takes no job of the runs of ${describe(other)}: this worker is ${describe(own)}`);
    }
    await sleep(LOOK_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}

function describe({ version, numerics, format }: Identity): string {
  return `evopatch ${version} (${numerics}, jobs of form ${format})`;
}
