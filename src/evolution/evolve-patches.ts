import type { Engine } from '../nn/engine.ts';
import { type EvolveOptions, parseOptions } from '../options/evolve-options.ts';
import { describeRun } from '../run/run-description.ts';
import { RunFolder } from '../run/run-folder.ts';
import { runEvolution } from './run-evolution.ts';
import { readStartGenomes } from './start-genomes.ts';
import { type EvolutionRun, startRun } from './start-run.ts';

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
 * `FILE_SYSTEM` and `RUN_LOCKED` (the run folder), `ENGINE_UNAVAILABLE`, `EVALUATION_FAILED` (the baseline, a whole generation or all
 * finalists failed), `ABORTED` (before any genome was evaluated).
 */
export function evolvePatches(options: EvolveOptions): EvolutionRun {
  const given = parseOptions(options);
  const { runFolder, signal, startFrom } = given;
  return startRun(signal, async (stop, onGeneration) => {
    const settings =
      typeof startFrom === 'string'
        ? parseOptions({ ...options, startFrom: await readStartGenomes(startFrom, given.bounds) })
        : given;
    const openFolder = async (engine: Engine, onWarning: (message: string) => void) =>
      runFolder === undefined
        ? undefined
        : await RunFolder.create(runFolder, await describeRun(settings, engine), onWarning, settings.force);
    return await runEvolution({ settings, openFolder, stop, onGeneration });
  });
}
