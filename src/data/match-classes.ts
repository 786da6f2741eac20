import { EvopatchError } from '../core/errors.ts';
import { exampleChoice } from './class-counts.ts';
import { nearestClass } from './class-names.ts';
import type { Dataset } from './dataset.ts';

/**
 * Maps the classes of a data set to those of a model, by name. The data may have only some of them, in any order.
 *
 * @param file the file of the model, for errors
 * @returns the model's index of each class of the data
 * @throws EvopatchError `INVALID_DATA` if the model does not have a class.
 */
export function matchClasses(
  { name, classes }: Pick<Dataset, 'name' | 'classes'>,
  known: readonly string[],
  file: string,
): number[] {
  const numbers = classes.map((own) => known.indexOf(own));
  const unknown = classes.filter((_, label) => numbers[label] < 0);
  if (unknown.length === 0) return numbers;
  const mapped = classes.flatMap((own) => {
    const meant = known.includes(own) ? own : nearestClass(own, known);
    return meant === undefined ? [] : [[own, meant] as const];
  });
  const example = mapped.length > 0 ? mapped : [[unknown[0], known[0]] as const];
  const hint =
    `The model knows ${known.join(', ')}. Rename classes to those, or leave them out, with --classes, as in ` +
    exampleChoice(example);
  const plural = unknown.length === 1 ? 'a class' : 'classes';
  const problem = `the model does not know ${plural} of '${name}': ${unknown.join(', ')}`;
  throw new EvopatchError('INVALID_DATA', problem, { file, given: classes.join(', '), hint });
}

/**
 * Gives a data set all classes of a model, in the model's order. The hash stays that of the data as loaded.
 *
 * @throws EvopatchError as `matchClasses`.
 */
export function withClassesOf(dataset: Dataset, known: readonly string[], file: string): Dataset {
  const numbers = matchClasses(dataset, known, file);
  return { ...dataset, labels: dataset.labels.map((label) => numbers[label]), classes: known };
}
