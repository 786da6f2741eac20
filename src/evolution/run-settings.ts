import { EvopatchError } from '../core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import { type EvolveOptions, type EvolveSettings, parseOptions } from '../options/evolve-options.ts';
import { RUN_FILES } from '../run/file-names.ts';
import type { RunDescription } from '../run/run-description.ts';

/**
 * The settings of a run that exists, with some that the caller brings.
 *
 * @param given of those that are `undefined` the run's own are kept
 * @throws EvopatchError `INVALID_RUN` where the data set is not that of the run or its options are damaged.
 */
export function settingsOfRun(
  runFolder: string,
  { options, plans, dataset: described }: RunDescription,
  dataset: Dataset,
  given: Omit<EvolveOptions, 'dataset'>,
): EvolveSettings {
  if (dataset.hash !== described.hash) {
    const hint = `The run was begun with '${described.name}', loaded as ${RUN_FILES.description} says`;
    const data = { file: runFolder, given: `${dataset.name}, ${dataset.hash.slice(0, 12)}`, hint };
    throw new EvopatchError('INVALID_RUN', 'the data set is not that of the run', data);
  }
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  try {
    return parseOptions({ ...options, ...known, dataset }, plans);
  } catch (cause) {
    const problem = `${RUN_FILES.description} is damaged: ${(cause as Error).message}`;
    throw new EvopatchError('INVALID_RUN', problem, { file: runFolder }, cause);
  }
}
