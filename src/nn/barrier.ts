/** Looks at the counter this often before a thread goes to sleep: about as long as it takes to wake one. */
const LOOKS = 2000;

const ARRIVED = 0;
const ROUND = 1;

/** How long a thread sleeps before it looks whether the others are still there. */
const SLEEP_MILLISECONDS = 500;

/** A meeting point of a fixed number of threads, on shared memory. */
export class Barrier {
  readonly #words: Int32Array;
  readonly #threads: number;

  /** @param memory shared by all threads, at least 8 bytes of zeros */
  constructor(memory: SharedArrayBuffer, threads: number) {
    this.#words = new Int32Array(memory, 0, 2);
    this.#threads = threads;
  }

  /**
   * Waits until every thread has come here. What a thread wrote before is then seen by all.
   *
   * @param onWait called now and then while it waits; it ends the waiting by throwing
   */
  meet(onWait: () => void = () => undefined): void {
    const round = Atomics.load(this.#words, ROUND);
    if (Atomics.add(this.#words, ARRIVED, 1) + 1 === this.#threads) {
      Atomics.store(this.#words, ARRIVED, 0);
      Atomics.add(this.#words, ROUND, 1);
      Atomics.notify(this.#words, ROUND);
      return;
    }
    for (let look = 0; look < LOOKS; look++) if (Atomics.load(this.#words, ROUND) !== round) return;
    while (Atomics.load(this.#words, ROUND) === round) {
      if (Atomics.wait(this.#words, ROUND, round, SLEEP_MILLISECONDS) === 'timed-out') onWait();
    }
  }
}
