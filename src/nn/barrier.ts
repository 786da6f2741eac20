/** Checks of the counter before a thread goes to sleep; they take about as long as waking it. */
const SPINS = 2000;

const ARRIVED = 0;
const ROUND = 1;

/** Time that a thread sleeps before it checks that the others still run. */
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
   * Waits for all threads. Each then sees what the others wrote before.
   *
   * @param onWait called repeatedly during the wait; it ends the wait by throwing
   */
  meet(onWait: () => void = () => undefined): void {
    const round = Atomics.load(this.#words, ROUND);
    if (Atomics.add(this.#words, ARRIVED, 1) + 1 === this.#threads) {
      Atomics.store(this.#words, ARRIVED, 0);
      Atomics.add(this.#words, ROUND, 1);
      Atomics.notify(this.#words, ROUND);
      return;
    }
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(this.#words, ROUND) !== round) return;
    while (Atomics.load(this.#words, ROUND) === round) {
      if (Atomics.wait(this.#words, ROUND, round, SLEEP_MILLISECONDS) === 'timed-out') onWait();
    }
  }
}
