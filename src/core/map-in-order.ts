/**
 * Maps values asynchronously and yields the results in order, with up to `maximum` calls of `map` pending while the reader is busy.
 * It ends with the first error, in order; if the reader stops early, it waits for the pending calls.
 */
export async function* mapInOrder<T, U>(
  values: Iterable<T> | AsyncIterable<T>,
  maximum: number,
  map: (value: T) => U | Promise<U>,
): AsyncGenerator<U, void, undefined> {
  const source = toAsync(values);
  const pull = () => {
    const pulled = source.next().then(async ({ done, value }) => (done ? 'end' : { made: await map(value) }));
    pulled.catch(() => undefined); // thrown in its turn, if the reader gets there
    return pulled;
  };
  const pending = Array.from({ length: maximum }, pull);
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
