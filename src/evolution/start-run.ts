import { ValueStream } from '../core/value-stream.ts';
import type { EvolutionResult } from '../run/result.ts';
import type { GenerationRecord } from '../search/events.ts';

/**
 * A run under way: await it for the result, iterate it for the generations (from the first one on, each as soon as it
 * has ended), in any order and any number of times.
 */
export interface EvolutionRun extends Promise<EvolutionResult>, AsyncIterable<GenerationRecord> {
  /** Ends the run early. It resolves to the best so far as soon as its threads have ended. */
  abort(): void;
}

/** Starts a run, and gives its handle at once. @param signal ends it early */
export function startRun(
  signal: AbortSignal | undefined,
  work: (stop: AbortController, onGeneration: (record: GenerationRecord) => void) => Promise<EvolutionResult>,
): EvolutionRun {
  const stop = new AbortController();
  const abort = () => stop.abort();
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  const generations = new ValueStream<GenerationRecord>();
  const result = work(stop, generations.send).finally(() => signal?.removeEventListener('abort', abort));
  result.then(generations.end, generations.fail); // so a failure that nobody awaits is not an unhandled one
  return Object.assign(result, { abort, [Symbol.asyncIterator]: () => generations[Symbol.asyncIterator]() });
}
