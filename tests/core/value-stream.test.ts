import { expect, test } from 'vitest';
import { ValueStream } from '../../src/core/value-stream.ts';

async function read<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

test('every reader gets all values in order, early or late', async () => {
  const stream = new ValueStream<number>();
  stream.send(1);
  const early = read(stream);
  const other = read(stream);
  await Promise.resolve();
  stream.send(2);
  stream.send(3);
  stream.end();
  expect(await Promise.all([early, other, read(stream)])).toEqual([
    [1, 2, 3],
    [1, 2, 3],
    [1, 2, 3],
  ]);
});

test('a failure comes after the values that were sent before it, and is not replaced', async () => {
  const stream = new ValueStream<number>();
  stream.send(1);
  stream.fail(new Error('first'));
  stream.fail(new Error('second'));
  stream.end();
  const values: number[] = [];
  const reading = (async () => {
    for await (const value of stream) values.push(value);
  })();
  await expect(reading).rejects.toThrow('first');
  expect(values).toEqual([1]);
});
