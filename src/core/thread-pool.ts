import { once } from 'node:events';
import type { ResourceLimits, Transferable, Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { packageFile } from './package-files.ts';
import { loadPiscina } from './packages.ts';

export interface ThreadPoolOptions {
  /** The compiled script that the threads run: an ES module whose default export answers a task. */
  readonly file: string;
  /** Number of threads, from 1. */
  readonly threads: number;
  /** What every thread is born with. */
  readonly workerData: unknown;
  /** Heap limits of a thread. */
  readonly resourceLimits?: ResourceLimits;
  /** Called where threads cannot start at all, so that every task would wait for ever. */
  readonly onUnusable: (cause: unknown) => void;
}

/** What is large lies outside the heap; a small young generation keeps a thread's garbage to a few megabytes. */
const HEAP_LIMITS: ResourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8 };

/**
 * Threads that run one script. One that dies is replaced, and its task fails. No more tasks may be given than there are
 * threads: piscina loses queued tasks when a thread fails to start, and its signal cannot tell waiting from running.
 */
export class ThreadPool<Task, Answer> {
  readonly #pool: Piscina<Task, Answer>;
  /** All that have not ended yet, also those of aborted tasks, which piscina forgets. */
  readonly #alive = new Set<Worker>();

  /** @throws EvopatchError `MISSING_PACKAGE` */
  constructor({ file, threads, workerData, resourceLimits = HEAP_LIMITS, onUnusable }: ThreadPoolOptions) {
    const { Piscina } = loadPiscina();
    this.#pool = new Piscina({
      filename: entry(),
      argv: [file],
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY, // a thread keeps what it has opened for the next task
      atomics: 'disabled',
      recordTiming: false,
      resourceLimits,
      workerData,
    });
    this.#pool.on('workerCreate', () => this.#noteThreads());
    this.#pool.on('error', (cause) => {
      // Piscina also tells of the late answers of threads that were ended, which are nothing; but it stops to replace
      // threads that fail to start.
      if (this.#pool.threads.length === 0) onUnusable(cause);
    });
    this.#noteThreads();
  }

  /** Runs a task in a thread. The signal ends the thread; another one takes its place. */
  run(
    task: Task,
    options: { readonly signal?: AbortSignal; readonly transferList?: Transferable[] } = {},
  ): Promise<Answer> {
    return this.#pool.run(task, options);
  }

  /** Ends all threads and waits until they have; tasks under way fail. */
  async close(): Promise<void> {
    this.#pool.options.minThreads = 0; // else the late exit of a thread whose task was aborted fills the pool again
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
