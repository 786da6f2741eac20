import { ValueStream } from '../core/value-stream.ts';
import type { GenerationRecord } from './events.ts';
import { type EvolveOptions, parseOptions } from './options.ts';
import type { EvolutionResult } from './result.ts';
import { runEvolution } from './run-evolution.ts';

/**
 * A run under way: await it for the result, iterate it for the generations (from the first one on, each as soon as it
 * has ended), in any order and any number of times.
 */
export interface EvolutionRun extends Promise<EvolutionResult>, AsyncIterable<GenerationRecord> {
  /** Ends the run early. It resolves to the best so far as soon as its threads have ended. */
  abort(): void;
}

/**
 * Starts to evolve face patches and returns at once.
 *
 * ```ts
 * const run = evolvePatches({ dataset, population: 32, generations: 20, seed: 'first' });
 * for await (const generation of run) console.log(generation.index, generation.hypervolume);
 * const result = await run;
 * ```
 *
 * The result follows from the data set, the options and the engine's numerics alone, whatever the number of workers;
 * only its `timing` differs. An aborted run resolves to the best so far.
 *
 * @throws EvopatchError `INVALID_OPTION` at once; from the run itself `INVALID_DATA` (no rows to train on),
 * `FILE_SYSTEM` (the run folder), `ENGINE_UNAVAILABLE`, `EVALUATION_FAILED` (the baseline, a whole generation or all
 * finalists failed), `ABORTED` (before any genome was evaluated).
 */
export function evolvePatches(options: EvolveOptions): EvolutionRun {
  const settings = parseOptions(options);
  const stop = new AbortController();
  const abort = () => stop.abort();
  if (settings.signal?.aborted) abort();
  settings.signal?.addEventListener('abort', abort);
  const generations = new ValueStream<GenerationRecord>();
  const result = runEvolution(settings, stop, generations.send).finally(() => {
    settings.signal?.removeEventListener('abort', abort);
  });
  result.then(generations.end, generations.fail); // so a failure that nobody awaits is not an unhandled one
  return Object.assign(result, { abort, [Symbol.asyncIterator]: () => generations[Symbol.asyncIterator]() });
}
