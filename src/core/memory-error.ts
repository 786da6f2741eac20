import { EvopatchError } from './errors.ts';

const CODES: ReadonlySet<unknown> = new Set(['ERR_WORKER_OUT_OF_MEMORY', 'ERR_MEMORY_ALLOCATION_FAILED']);
const MESSAGES = /allocation failed|could not allocate memory/i;
const HINT = 'Raise the limit of memory (`ulimit -v`), use fewer --workers, or smaller data';

/** Wraps an error of the runtime that means a lack of memory; `undefined` for any other. */
export function asMemoryError(cause: unknown): EvopatchError | undefined {
  if (!(cause instanceof Error)) return undefined;
  const isLack = CODES.has((cause as NodeJS.ErrnoException).code);
  if (!isLack && !(cause instanceof RangeError && MESSAGES.test(cause.message))) return undefined;
  return new EvopatchError('ENGINE_UNAVAILABLE', 'there is not enough memory', { hint: HINT }, cause);
}

/** Makes the error for a network whose memory cannot be allocated. @param words of 32 bits */
export function networkMemoryError(words: number, cause: unknown, hint = HINT): EvopatchError {
  const given = `${Math.ceil((words * 4) / 2 ** 20)} MB`;
  const problem = 'the memory for a network cannot be allocated';
  return new EvopatchError('ENGINE_UNAVAILABLE', problem, { given, hint }, cause);
}
