import { contentHash } from '../core/canonical-json.ts';
import { EvopatchError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import type { Engine } from '../nn/engine.ts';

import {
  checkResumeOptions,
  type EvolveOptions,
  type EvolveSettings,
  parseOptions,
  type ResumeOptions,
} from '../options/evolve-options.ts';
import { type RunDescription, readDescription, refuseOtherTeacher } from '../run/run-description.ts';
import { RunFolder } from '../run/run-folder.ts';
import { runEvolution } from './run-evolution.ts';
import { type EvolutionRun, startRun } from './start-run.ts';

/**
 * Goes on with a run that was interrupted: by Ctrl-C, by a full disk, by the death of its process or its machine. What
 * its folder knows is not trained again, and the result is, to the last byte but for its `timing`, the one that the run
 * would have had without the interruption. (Latency is measured: where it is an objective, what was under way when the
 * process died is measured again.)
 *
 * Limits on the time count that of all processes of the run, up to the last generation that each of them ended.
 *
 * @throws EvopatchError `INVALID_OPTION` at once; from the run itself what `evolvePatches` throws, and `INVALID_RUN`
 * where the folder is no run's or damaged, where the run is complete, or where data set, teacher or numerics are not the
 * run's; `RUN_LOCKED` where another process works on it.
 */
export function resumeRun(options: ResumeOptions): EvolutionRun {
  checkResumeOptions(options);
  const { runFolder } = options;
  return startRun(options.signal, async (stop, onGeneration) => {
    const description = await readDescription(runFolder);
    await refuseOtherTeacher(description);
    const settings = settingsOf(description, options);
    const openFolder = async (engine: Engine, onWarning: (message: string) => void) => {
      refuseNumerics(description, engine, runFolder);
      const [begun, now] = [description.evopatch, VERSION];
      if (begun !== now) onWarning(`the run was begun with evopatch ${begun}; from here on it is ${now}`);
      return await RunFolder.resume(runFolder, onWarning);
    };
    return await runEvolution({ settings, openFolder, stop, onGeneration });
  });
}

/** The settings of the run with those that this process brings. */
function settingsOf(description: RunDescription, options: ResumeOptions): EvolveSettings {
  const { dataset, runFolder, workers, engine, signal, onEvent } = options;
  if (dataset.hash !== description.dataset.hash) {
    const hint = `The run was begun with '${description.dataset.name}', loaded as run.json says`;
    const data = { file: runFolder, given: `${dataset.name}, ${dataset.hash.slice(0, 12)}`, hint };
    throw new EvopatchError('INVALID_RUN', 'the data set is not that of the run', data);
  }
  const own = {
    // The same data may have another path or name now; the result tells the one that the run was begun with.
    dataset: { ...dataset, name: description.dataset.name },
    dataSource: description.dataSource,
  };
  const given = { ...own, runFolder, workers, engine, signal, onEvent };
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  let settings: EvolveSettings;
  try {
    settings = parseOptions({
      ...description.options,
      ...Object.fromEntries(known),
    } as unknown as EvolveOptions);
  } catch (cause) {
    const problem = `run.json is damaged: ${(cause as Error).message}`;
    throw new EvopatchError('INVALID_RUN', problem, { file: runFolder }, cause);
  }
  if (contentHash(settings.ladder) !== contentHash(description.ladder)) {
    const hint = `Resume it with the release that began it, ${description.evopatch}`;
    throw new EvopatchError('INVALID_RUN', 'this release trains in other rungs', { file: runFolder, hint });
  }
  return settings;
}

/** Trainings that round differently would not fit together. */
function refuseNumerics({ engine: begun }: RunDescription, engine: Engine, file: string): void {
  if (engine.numerics === begun.numerics) return;
  throw new EvopatchError('INVALID_RUN', `the engine must round '${begun.numerics}', as the run's did`, {
    file,
    given: `${engine.name}:${engine.variant}, ${engine.numerics}`,
    hint: `The run was begun with the engine '${begun.name}:${begun.variant}'`,
  });
}
