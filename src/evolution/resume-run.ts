import { EvopatchError } from '../core/errors.ts';
import { contentHash } from '../core/hash.ts';
import { VERSION } from '../core/version.ts';
import type { Engine } from '../nn/engine.ts';
import { checkResumeOptions, type EvolveSettings, type ResumeOptions } from '../options/evolve-options.ts';
import { EXTENSION_TABLE } from '../options/evolve-table.ts';
import {
  extendDescription,
  planExtension,
  type RunDescription,
  readDescription,
  refuseOtherTeacher,
} from '../run/run-description.ts';
import { generationsOf, RunFolder } from '../run/run-folder.ts';
import { refuseOtherParts } from './own-parts.ts';
import { runEvolution } from './run-evolution.ts';
import { settingsOfRun } from './run-settings.ts';
import { type EvolutionRun, startRun } from './start-run.ts';

const LIMITS = Object.keys(EXTENSION_TABLE) as (keyof typeof EXTENSION_TABLE)[];

/**
 * Resumes a run that was interrupted: by Ctrl-C, by a full disk, by the death of its process or its machine. It trains nothing
 * again that its folder contains, and the result is, to the last byte except its `timing`, the one that the run would have
 * had without the interruption. (Latency is measured: where it is an objective, networks that were under way when the
 * process died are measured again.)
 *
 * Limits on the time count that of all processes of the run, up to the last generation that each of them ended.
 *
 * `generations` and the limits extend a run, finished or not. Each generation follows the plan that was in force when it began, so
 * the result follows from the options and the extensions alone. It is that of a run with the new limits from the start
 * wherever generations do not depend on their number: without `repeats`, and with fewer than three rungs or without `halving`.
 *
 * A run with objectives, operators or a sampler of the user's own needs them again.
 *
 * @throws EvopatchError `INVALID_OPTION` at once; from the run itself what `evolvePatches` throws, and `INVALID_RUN`
 * where the folder is no run's or damaged, where the run is complete and not extended, or where data set, teacher, parts or numerics are not
 * the run's; `RUN_LOCKED` where another process works on it.
 */
export function resumeRun(options: ResumeOptions): EvolutionRun {
  checkResumeOptions(options);
  const { runFolder } = options;
  const given = LIMITS.flatMap((name) =>
    options[name] === undefined ? [] : [[name, options[name]] as const],
  );
  const limits = Object.fromEntries(given);
  return startRun(options.signal, async (stop, onGeneration) => {
    const described = await readDescription(runFolder);
    await refuseOtherTeacher(described);
    refuseOtherParts(described.options, options, runFolder);
    const extension =
      given.length === 0 ? undefined : planExtension(described, limits, await generationsOf(runFolder));
    const description = extension === undefined ? described : extendDescription(described, extension);
    const settings = settingsOf(description, options);
    const openFolder = async (engine: Engine, onWarning: (message: string) => void) => {
      refuseNumerics(description, engine, runFolder);
      const [begun, now] = [description.evopatch, VERSION];
      if (begun !== now) onWarning(`the run was begun with evopatch ${begun}; from here on it is ${now}`);
      return await RunFolder.resume(runFolder, onWarning, extension);
    };
    return await runEvolution({ settings, openFolder, stop, onGeneration });
  });
}

/** The settings of the run with those that this process brings. */
function settingsOf(description: RunDescription, { dataset, ...given }: ResumeOptions): EvolveSettings {
  // The same data may have another path or name now; the result keeps the one that the run was begun with.
  const named = { ...dataset, name: description.dataset.name };
  const { dataSource } = description;
  const { runFolder } = given;
  const settings = settingsOfRun(runFolder, description, named, { ...given, dataSource });
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
