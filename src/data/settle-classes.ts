import { chooseClasses, withoutEmptyClasses } from './class-choice.ts';
import { listed } from './class-counts.ts';
import type { Dataset } from './dataset.ts';
import type { LoadSettings } from './load-options.ts';

/**
 * A loaded data set with the classes that count: those that a face belongs to, and of them the chosen ones.
 *
 * @throws EvopatchError as `chooseClasses`.
 */
export function settleClasses(
  loaded: Dataset,
  { classes, onWarning }: Pick<LoadSettings, 'classes' | 'onWarning'>,
): Dataset {
  const { dataset, empty } = withoutEmptyClasses(loaded);
  if (classes !== undefined) return chooseClasses(dataset, classes);
  if (empty.length > 0) {
    onWarning?.(`no face is of ${listed(empty)}; ${dataset.classes.length} classes are left`);
  }
  return dataset;
}
