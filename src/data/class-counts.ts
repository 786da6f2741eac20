import { EvopatchError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import { formatClassChoice } from './class-choice.ts';
import { nearestClass, similarNames } from './class-names.ts';
import { type Dataset, SPLITS, type Split } from './dataset.ts';

/** The fields of a data set that count its faces by class and split. */
export type LabelledDataset = Pick<Dataset, 'name' | 'classes' | 'labels' | 'splits'>;

/** The maximum number of classes that a sentence names. */
const MAX_NAMED = 8;

const ROLES: Readonly<Record<Split, string>> = { train: 'training', validation: 'validation', test: 'test' };

/** Faces of each class in each split, [class]. */
export type ClassCounts = Readonly<Record<Split, readonly number[]>>;

export function countClasses({ classes, labels, splits }: LabelledDataset): ClassCounts {
  const counts = SPLITS.map(() => new Array<number>(classes.length).fill(0));
  for (const [i, label] of labels.entries()) counts[splits[i]][label]++;
  const [train, validation, test] = counts;
  return { train, validation, test };
}

/**
 * Warns about class names that differ only in case or white space, and about splits that lack classes or have only one. Ignores
 * splits without faces.
 *
 * @returns one message for each problem
 */
export function classWarnings(dataset: LabelledDataset): string[] {
  const { classes } = dataset;
  const counts = countClasses(dataset);
  const alike = similarNames(classes).map(alikeProblem);
  const lacking = SPLITS.flatMap((split) => {
    const present = classes.filter((_, label) => counts[split][label] > 0);
    if (present.length === 0 || present.length === classes.length) return [];
    if (present.length === 1) return [`all ${ROLES[split]} faces are of one class, '${present[0]}'`];
    const absent = classes.filter((_, label) => counts[split][label] === 0);
    return [`no ${ROLES[split]} face is of ${listed(absent)}`];
  });
  const single = classes.length === 1 ? [`all faces are of one class, '${classes[0]}'`] : [];
  return [...alike, ...lacking, ...single];
}

/**
 * Refuses classes that a network cannot learn to tell apart.
 *
 * @throws EvopatchError `INVALID_DATA` for fewer than two classes, for names that differ in case, white space or form of
 * Unicode alone, and for a class without a training face.
 */
export function requireTrainableClasses(dataset: LabelledDataset): void {
  const { name, classes } = dataset;
  const refuse = (problem: string, hint: string): never => {
    throw new EvopatchError('INVALID_DATA', `'${name}': ${problem}`, { hint });
  };
  const [alike] = similarNames(classes);
  if (alike !== undefined) {
    const merged = classes.map((own) => [own, alike.includes(own) ? alike[0] : own] as const);
    refuse(alikeProblem(alike), `Give them one name, or merge them with ${exampleChoice(merged)}`);
  }
  const { train, validation, test } = countClasses(dataset);
  const trained = classes.filter((_, label) => train[label] > 0);
  if (trained.length < 2) {
    const found =
      trained.length === 0 ? 'there is no training face' : `all training faces are '${trained[0]}'`;
    refuse(
      `${found}, and a network learns to tell two or more classes apart`,
      'Give training faces of each class',
    );
  }
  const unseen = classes.filter((_, label) => train[label] === 0);
  if (unseen.length > 0) {
    const where = unseen.map((own) => {
      const label = classes.indexOf(own);
      return `'${own}' (${validation[label]} validation, ${test[label]} test)`;
    });
    const meant = classes.flatMap((own) => {
      if (trained.includes(own)) return [[own, own] as const];
      const near = nearestClass(own, trained);
      return near === undefined ? [] : [[own, near] as const];
    });
    const merges = meant.length > trained.length ? 'merge or leave out classes' : 'leave classes out';
    refuse(`no training face is of ${listed(where)}`, `Add some, or ${merges} with ${exampleChoice(meant)}`);
  }
}

/** Formats an example of `--classes`, shortened if it is long. */
export function exampleChoice(choice: readonly (readonly [from: string, to: string])[]): string {
  const renamed = choice.filter(([from, to]) => from !== to);
  const part = choice.length > MAX_NAMED && renamed.length > 0 ? renamed : choice;
  const shown = part.slice(0, MAX_NAMED);
  const rest = shown.length < choice.length ? ',…' : '';
  return `--classes ${shellWord(formatClassChoice(shown))}${rest}`;
}

export function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  return more > 0 ? `${names.slice(0, MAX_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

function alikeProblem(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  return `the classes ${quoted.join(' and ')} differ in case, spaces or invisible characters alone`;
}
