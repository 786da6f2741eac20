import { setMaxListeners } from 'node:events';
import type { ResourceLimits } from 'node:worker_threads';
import { EvopatchError } from '../core/errors.ts';
import { packageFile } from '../core/package-files.ts';
import { ThreadPool } from '../core/thread-pool.ts';
import { ValueStream } from '../core/value-stream.ts';
import type { Dataset } from '../data/dataset.ts';
import { macCount } from '../network/describe.ts';
import { failed } from './evaluate.ts';
import type { Evaluation, TrainingRequest } from './evaluation.ts';
import { abortedError, type EvaluationReport, type Evaluator } from './evaluator.ts';
import type { WorkerAnswer, WorkerSetup, WorkerTask } from './worker.ts';

export interface PoolOptions {
  readonly dataset: Dataset;
  /** Exact name of the engine that every thread opens, as in 'native:avx2'. */
  readonly engine: string;
  /** Number of threads, from 1. */
  readonly workers: number;
  /** How long one attempt at an evaluation may run, counted from its start in a thread. */
  readonly timeoutSeconds: number;
  /** Further attempts after a crash, an exhausted memory or a time-out. */
  readonly retries: number;
  /** Heap limits of a thread (Node's `resourceLimits`); frames and weights lie outside the heap. */
  readonly resourceLimits?: ResourceLimits;
  /** Minimum multiply-accumulates of a training that several threads may share; tests lower it. */
  readonly minSharedMacs?: number;
  /** The script that the threads run; tests of failing threads replace it. */
  readonly workerFile?: string;
}

interface Job {
  readonly request: TrainingRequest;
  /** Whether idle threads may help. */
  readonly shared: boolean;
  readonly signal: AbortSignal;
  readonly finish: (answer: WorkerAnswer) => void;
  readonly fail: (cause: unknown) => void;
}

/** About a second of training; a shorter one ends before further threads could help. */
const MIN_SHARED_MACS = 1e10;

/**
 * Evaluates in a pool of threads that share the data set. The pool replaces a thread that dies or exceeds its time, and
 * tries its task again; after the last attempt the task becomes a failed evaluation. Idle threads help with the
 * remaining trainings.
 */
export class PoolEvaluator implements Evaluator {
  readonly #pool: ThreadPool<WorkerTask, WorkerAnswer>;
  readonly #options: PoolOptions;
  readonly #waiting: Job[] = [];
  /** One for each running list; the list's reader gets its reason. */
  readonly #lists = new Set<AbortController>();
  #running = 0;
  /** Why nothing can be evaluated any more. */
  #end: EvopatchError | undefined;

  constructor(options: PoolOptions) {
    const { dataset, engine, workers, workerFile = compiledWorker(), resourceLimits } = options;
    this.#options = options;
    this.#pool = new ThreadPool({
      file: workerFile,
      threads: workers,
      workerData: { dataset, engine } satisfies WorkerSetup,
      resourceLimits,
      onUnusable: (cause) => this.#endWith(unusable(cause)),
    });
  }

  async *evaluate(
    requests: readonly TrainingRequest[],
    { signal, alone = false }: { readonly signal?: AbortSignal; readonly alone?: boolean } = {},
  ): AsyncGenerator<EvaluationReport> {
    if (this.#end !== undefined) throw this.#end;
    if (signal?.aborted) throw abortedError(signal);
    const reports = new ValueStream<EvaluationReport>();
    const list = new AbortController();
    // One listener for each list of the caller's, and for each thread that works on one: no leak.
    setMaxListeners(0, list.signal, ...(signal === undefined ? [] : [signal]));
    list.signal.addEventListener('abort', () => reports.fail(list.signal.reason));
    const abort = () => list.abort(abortedError(signal));
    signal?.addEventListener('abort', abort);
    this.#lists.add(list);
    try {
      let open = requests.length;
      if (open === 0) return;
      for (const { index, cost } of costliestFirst(requests)) {
        const finish = (answer: WorkerAnswer) => {
          reports.send({ index, ...answer });
          if (--open === 0) reports.end();
        };
        const shared = alone && cost >= (this.#options.minSharedMacs ?? MIN_SHARED_MACS);
        this.#waiting.push({
          request: requests[index],
          shared,
          signal: list.signal,
          finish,
          fail: reports.fail,
        });
      }
      this.#startWaiting();
      yield* reports;
    } finally {
      this.#lists.delete(list);
      signal?.removeEventListener('abort', abort);
      list.abort(); // ends running tasks if the reader stopped early
    }
  }

  get parallelism(): number {
    return this.#options.workers;
  }

  async close(): Promise<void> {
    this.#endWith(new EvopatchError('ABORTED', 'the pool of workers is closed'));
    await this.#pool.close();
  }

  #endWith(reason: EvopatchError): void {
    this.#end ??= reason;
    for (const list of this.#lists) list.abort(this.#end);
  }

  #startWaiting(): void {
    while (this.#running < this.#options.workers) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      if (job.signal.aborted) continue;
      this.#running++;
      this.#work(job, this.#threadsFor(job))
        .then(job.finish, job.fail)
        .finally(() => {
          this.#running--;
          this.#startWaiting();
        });
    }
  }

  /** Gives each training several threads if fewer trainings than threads are left; the evaluation stays the same. */
  #threadsFor({ shared }: Job): number {
    const open = this.#running + this.#waiting.filter(({ signal }) => !signal.aborted).length;
    return shared ? Math.max(1, Math.floor(this.#options.workers / open)) : 1;
  }

  async #work(job: Job, threads: number): Promise<WorkerAnswer> {
    for (let retriesLeft = this.#options.retries; ; retriesLeft--) {
      const answer = await this.#attempt(job, threads);
      const { evaluation } = answer;
      const mayHelp = evaluation.status === 'failed' && RETRIED.has(evaluation.reason);
      if (!mayHelp || retriesLeft <= 0) return answer;
    }
  }

  async #attempt({ request, signal }: Job, threads: number): Promise<WorkerAnswer> {
    signal.throwIfAborted();
    const startedAt = new BigInt64Array(new SharedArrayBuffer(8));
    const stop = new AbortController(); // aborting a running task ends its thread; the pool starts another
    const abort = () => stop.abort();
    signal.addEventListener('abort', abort);
    const limit = this.#options.timeoutSeconds;
    const stopWatching = watch(startedAt, limit * 1000, abort);
    try {
      return await this.#pool.run({ request, startedAt, threads }, { signal: stop.signal });
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      const evaluation = stop.signal.aborted
        ? failed('time-out', `the evaluation took longer than ${limit} s`)
        : failureOfThread(cause);
      return { evaluation, seconds: 0 };
    } finally {
      stopWatching();
      signal.removeEventListener('abort', abort);
    }
  }
}

/** Finds the compiled script: threads cannot run TypeScript. */
function compiledWorker(): string {
  return packageFile('fitness/worker.js', () => {
    return new URL(/* webpackIgnore: true */ '../../dist/fitness/worker.js', import.meta.url);
  });
}

const RETRIED: ReadonlySet<string> = new Set(['crash', 'out-of-memory', 'time-out']);

/** A thread returns all errors of an evaluation as values, so an error that it throws has ended it. */
function failureOfThread(cause: unknown): Evaluation {
  const { code, message } = cause as { code?: string; message?: string };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return failed('out-of-memory', 'the worker reached its memory limit');
  }
  return failed('crash', `the worker ended: ${message ?? cause}`);
}

/** Calls back when a task has run for `limit` milliseconds; time before its start does not count. */
function watch(startedAt: BigInt64Array, limit: number, onTimeout: () => void): () => void {
  const maxDelay = 2 ** 31 - 1; // of a timer
  let timer: NodeJS.Timeout;
  const check = () => {
    const start = Number(Atomics.load(startedAt, 0));
    const left = start === 0 ? limit : start + limit - Date.now();
    if (left <= 0) onTimeout();
    else timer = setTimeout(check, Math.min(left, maxDelay));
  };
  timer = setTimeout(check, Math.min(limit, maxDelay));
  return () => clearTimeout(timer);
}

/** Sorts requests by cost, the highest first, so that the threads finish a list at about the same time. */
function costliestFirst(requests: readonly TrainingRequest[]): { index: number; cost: number }[] {
  const costs = requests.map(({ spec, stages, done }) => {
    const open = stages.slice(done?.stages ?? 0);
    const samples = open.reduce((sum, { training, config }) => sum + training.length * config.epochs, 0);
    try {
      return macCount(spec) * samples;
    } catch {
      return 0; // the evaluation reports a faulty network
    }
  });
  return costs.map((cost, index) => ({ index, cost })).sort((a, b) => b.cost - a.cost || a.index - b.index);
}

function unusable(cause: unknown): EvopatchError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EvopatchError('EVALUATION_FAILED', `the worker threads cannot start: ${reason}`, {}, cause);
}
