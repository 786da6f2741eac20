import type { Job, Queue, QueueEvents } from 'bullmq';

/** How long to trust events alone; a connection that broke may have lost some. */
const QUIET_MILLISECONDS = 5000;
/** Calls under way at a time. */
const CALLS = 200;

/** A job that has ended. */
export interface EndedJob {
  readonly job: Job;
  readonly state: 'completed' | 'failed';
}

export interface OpenJobsOptions {
  readonly queue: Queue;
  readonly events: QueueEvents;
  /** Called for each job that ended, once for each `watch`. */
  readonly onEnd: (ended: EndedJob) => void;
  /** Called for a job that the server has lost, so that it can be added again. */
  readonly onLost: (id: string) => void;
  /** Called when nothing has happened for a while, after the jobs were looked at. */
  readonly onQuiet: () => void;
  readonly onError: (cause: unknown) => void;
}

/**
 * Watches jobs until they end: events say which to look at, and when none comes for five seconds, it looks at all. Nothing
 * depends on an event, so that a server may restart meanwhile.
 */
export class OpenJobs {
  readonly #options: OpenJobsOptions;
  readonly #open = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: OpenJobsOptions) {
    this.#options = options;
    const look = ({ jobId }: { jobId: string }) => {
      if (!this.#open.has(jobId)) return;
      this.#restartTimer();
      this.#lookAt(jobId).catch(options.onError);
    };
    options.events.on('completed', look);
    options.events.on('failed', look);
    this.#restartTimer();
  }

  get size(): number {
    return this.#open.size;
  }

  /** Watches jobs that have been added, and may have ended already. */
  async watch(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#open.add(id);
    await this.#lookAtAll(ids);
  }

  forget(id: string): void {
    this.#open.delete(id);
  }

  close(): void {
    this.#closed = true;
    this.#open.clear();
    clearTimeout(this.#timer);
  }

  #restartTimer(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#lookAtAll([...this.#open])
        .then(() => this.#open.size > 0 && this.#options.onQuiet(), this.#options.onError)
        .finally(() => this.#restartTimer());
    }, QUIET_MILLISECONDS);
  }

  async #lookAtAll(ids: readonly string[]): Promise<void> {
    for (let start = 0; start < ids.length; start += CALLS) {
      await Promise.all(ids.slice(start, start + CALLS).map((id) => this.#lookAt(id)));
    }
  }

  async #lookAt(id: string): Promise<void> {
    const { queue, onEnd, onLost } = this.#options;
    const state = await queue.getJobState(id);
    if (!this.#open.has(id)) return;
    if (state === 'unknown') return onLost(id);
    if (state !== 'completed' && state !== 'failed') return;
    const job = await queue.getJob(id);
    if (job === undefined || !this.#open.delete(id)) return; // gone meanwhile: the next look finds it lost
    onEnd({ job, state });
  }
}
