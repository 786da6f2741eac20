import { hostname } from 'node:os';
import type { Queue } from 'bullmq';

const LOOK_MILLISECONDS = 2000;

/** The name of a worker's connection; it begins with the number of its threads, since a server may cut off its end. */
export function workerName(threads: number): string {
  return `${threads}x-${hostname()}-${process.pid}`;
}

/** Knows how many threads take jobs from a queue, as of some seconds ago. */
export class ThreadCount {
  readonly #queue: Pick<Queue, 'getWorkers'>;
  #count = 0;
  #nextLook = 0;

  constructor(queue: Pick<Queue, 'getWorkers'>) {
    this.#queue = queue;
  }

  /** The number that is known, and asks for a new one if that is old. */
  get latest(): number {
    if (performance.now() >= this.#nextLook) {
      this.#nextLook = performance.now() + LOOK_MILLISECONDS;
      void this.#look().catch(() => undefined); // without a server nobody takes jobs
    }
    return this.#count;
  }

  async #look(): Promise<void> {
    const workers = await this.#queue.getWorkers();
    const threads = workers.map(({ rawname }) => Number(/:w:(\d+)x-/.exec(rawname)?.[1] ?? 1));
    this.#count = threads.reduce((sum, count) => sum + count, 0);
  }
}
