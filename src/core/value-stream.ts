/** A stream of values that keeps them all: every reader gets them from the first one on, in the order of sending. */
export class ValueStream<T> implements AsyncIterable<T> {
  readonly #values: T[] = [];
  #ending: (() => void) | undefined; // throws if the stream failed
  #wake: (() => void)[] = [];

  readonly send = (value: T): void => {
    this.#values.push(value);
    this.#wakeReaders();
  };

  /** Ends the stream. Only the first ending counts. */
  readonly end = (): void => this.#endWith(() => undefined);

  /** Ends the stream with an error, which readers get after the values sent so far. */
  readonly fail = (cause: unknown): void => {
    this.#endWith(() => {
      throw cause;
    });
  };

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (let next = 0; ; ) {
      if (next < this.#values.length) yield this.#values[next++];
      else if (this.#ending !== undefined) return this.#ending();
      else await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #endWith(ending: () => void): void {
    this.#ending ??= ending;
    this.#wakeReaders();
  }

  #wakeReaders(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
