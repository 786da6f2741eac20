import { chooseClasses, removeEmptyClasses } from './class-choice.ts';
import { listed } from './class-counts.ts';
import type { Dataset } from './dataset.ts';
import type { LoadSettings } from './load-options.ts';

/** Removes classes without faces from a loaded data set and keeps the chosen ones. @throws EvopatchError as `chooseClasses`. */
export function selectClasses(
  loaded: Dataset,
  { classes, onWarning }: Pick<LoadSettings, 'classes' | 'onWarning'>,
): Dataset {
  const { dataset, empty } = removeEmptyClasses(loaded);
  if (classes !== undefined) return chooseClasses(dataset, classes);
  if (empty.length > 0) {
    onWarning?.(`no face is of ${listed(empty)}; ${dataset.classes.length} classes are left`);
  }
  return dataset;
}
