/** Runs tasks concurrently, and some of them exclusively. */
export class DecodingGate {
  readonly #running = new Set<Promise<unknown>>();
  #lastAlone: Promise<unknown> = Promise.resolve();

  /** Runs a task concurrently with others, after any exclusive task that waits. */
  async runConcurrently<Result>(task: () => Promise<Result>): Promise<Result> {
    for (let waited: unknown; waited !== this.#lastAlone; ) {
      waited = this.#lastAlone;
      await waited;
    }
    const run = task();
    this.#running.add(run);
    try {
      return await run;
    } finally {
      this.#running.delete(run);
    }
  }

  /** Runs a task exclusively, after the running ones have ended. */
  async runExclusively<Result>(task: () => Promise<Result>): Promise<Result> {
    const run = this.#lastAlone.then(async () => {
      await Promise.allSettled(this.#running);
      return await task();
    });
    this.#lastAlone = run.catch(() => undefined);
    return await run;
  }
}
