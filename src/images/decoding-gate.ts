/** Lets tasks run side by side, and some alone. */
export class DecodingGate {
  readonly #running = new Set<Promise<unknown>>();
  #lastAlone: Promise<unknown> = Promise.resolve();

  /** Runs a task beside others, once no task that runs alone is waiting. */
  async beside<Result>(task: () => Promise<Result>): Promise<Result> {
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

  /** Runs a task alone, once those under way have ended. */
  async alone<Result>(task: () => Promise<Result>): Promise<Result> {
    const run = this.#lastAlone.then(async () => {
      await Promise.allSettled(this.#running);
      return await task();
    });
    this.#lastAlone = run.catch(() => undefined);
    return await run;
  }
}
