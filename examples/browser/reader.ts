// Asks the worker, and gives its answers as promises.
import type { Answers, Failure, Reply, Request } from './protocol.ts';

/** What the worker could not do. */
export class ReaderError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.problem);
    this.failure = failure;
  }
}

type Asked = { readonly resolve: (value: never) => void; readonly reject: (error: Error) => void };

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const asked = new Map<number, Asked>();
let count = 0;
let lost: ReaderError | undefined;

worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
  const { resolve, reject } = asked.get(data.id) as Asked;
  asked.delete(data.id);
  if ('failure' in data) reject(new ReaderError(data.failure));
  else resolve(data.value as never);
});
// The worker itself cannot be loaded or started: nothing will be answered.
worker.addEventListener('error', ({ message }) => {
  lost = new ReaderError({ problem: message || 'a part of the page cannot be loaded' });
  for (const { reject } of asked.values()) reject(lost);
});

/** @throws ReaderError */
export function ask<Kind extends Request>(request: Kind): Promise<Answers[Kind['ask']]> {
  if (lost) return Promise.reject(lost);
  const id = count++;
  return new Promise((resolve, reject) => {
    asked.set(id, { resolve, reject });
    worker.postMessage([id, request]);
  });
}
