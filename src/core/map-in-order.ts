/**
 * What `map` makes of each value, in the order of the values, with up to `most` of them under way: the next ones are
 * worked on while the reader is busy. Ends with the first error, in order; a reader that stops early waits for what has
 * begun.
 */
export async function* mapInOrder<T, U>(
  values: Iterable<T> | AsyncIterable<T>,
  most: number,
  map: (value: T) => U | Promise<U>,
): AsyncGenerator<U, void, undefined> {
  const source = toAsync(values);
  const pull = () => {
    const pulled = source.next().then(async ({ done, value }) => (done ? 'end' : { made: await map(value) }));
    pulled.catch(() => undefined); // thrown when its turn comes, which may be never
    return pulled;
  };
  const pending = Array.from({ length: most }, pull);
  try {
    for (;;) {
      const result = await pending.shift();
      if (result === undefined || result === 'end') return;
      pending.push(pull());
      yield result.made;
    }
  } finally {
    await Promise.allSettled(pending);
    await source.return();
  }
}

async function* toAsync<T>(values: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  yield* values;
}
