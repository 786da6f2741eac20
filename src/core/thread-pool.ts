import { once } from 'node:events';
import type { ResourceLimits, Transferable, Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { packageFile } from './package-files.ts';
import { loadPiscina } from './packages.ts';

export interface ThreadPoolOptions {
  /** The compiled script of the threads: an ES module whose default export answers a task. */
  readonly file: string;
  /** Number of threads, from 1. */
  readonly threads: number;
  /** The data that each thread starts with. */
  readonly workerData: unknown;
  /** Heap limits of a thread. */
  readonly resourceLimits?: ResourceLimits;
  /** Called if threads cannot start at all, so that every task would wait for ever. */
  readonly onUnusable: (cause: unknown) => void;
}

/** Large data are outside the heap; a small young generation limits a thread's garbage to a few megabytes. */
const HEAP_LIMITS: ResourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8 };

/**
 * Threads that run one script. A thread that dies is replaced, and its task fails. Never run more tasks than there are threads:
 * piscina loses queued tasks when a thread fails to start, and its signal cannot distinguish waiting from running tasks.
 */
export class ThreadPool<Task, Answer> {
  readonly #pool: Piscina<Task, Answer>;
  /** All threads that have not ended yet, including those of aborted tasks, which piscina forgets. */
  readonly #alive = new Set<Worker>();

  /** @throws EvopatchError `MISSING_PACKAGE` */
  constructor({ file, threads, workerData, resourceLimits = HEAP_LIMITS, onUnusable }: ThreadPoolOptions) {
    const { Piscina } = loadPiscina();
    this.#pool = new Piscina({
      filename: entry(),
      argv: [file],
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY, // a thread keeps its networks for the next task
      atomics: 'disabled',
      recordTiming: false,
      resourceLimits,
      workerData,
    });
    this.#pool.on('workerCreate', () => this.#noteThreads());
    this.#pool.on('error', (cause) => {
      // Piscina also reports the late answers of ended threads, which do not matter; but it does not replace threads
      // that fail to start.
      if (this.#pool.threads.length === 0) onUnusable(cause);
    });
    this.#noteThreads();
  }

  /** Runs a task in a thread. The signal ends the thread, and another one replaces it. */
  run(
    task: Task,
    options: { readonly signal?: AbortSignal; readonly transferList?: Transferable[] } = {},
  ): Promise<Answer> {
    return this.#pool.run(task, options);
  }

  /** Ends all threads and waits for that; running tasks fail. */
  async close(): Promise<void> {
    this.#pool.options.minThreads = 0; // otherwise the late exit of an aborted task's thread refills the pool
    const ended = [...this.#alive].map((thread) => once(thread, 'exit'));
    await this.#pool.destroy();
    await Promise.allSettled(ended);
  }

  #noteThreads(): void {
    for (const thread of this.#pool.threads) {
      if (this.#alive.has(thread)) continue;
      this.#alive.add(thread);
      thread.once('exit', () => this.#alive.delete(thread));
    }
  }
}

function entry(): string {
  return packageFile('core/thread-entry.cjs', () => {
    return new URL(/* webpackIgnore: true */ '../../dist/core/thread-entry.cjs', import.meta.url);
  });
}
