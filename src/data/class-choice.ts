import { EvopatchError } from '../core/errors.ts';
import { nearestClass } from './class-names.ts';
import type { Dataset } from './dataset.ts';
import { hashOf } from './dataset-builder.ts';
import { subsetOf } from './subset.ts';

/**
 * The classes to keep, in the order that the data set will have them. A pair renames a class; classes with the same new name are
 * merged, at the position of the first.
 */
export type ClassChoice = readonly (string | readonly [from: string, to: string])[];

const FORM =
  "Write NAME or NAME=NEW_NAME with commas between; a '\\' makes the comma, equals sign or space after it part of a name";

/**
 * Parses a choice as the user types it: `happy,sad`, or `happy=positive,sad=negative,angry=negative`. Trims white space around
 * names. A backslash makes the next character part of a name: a comma, an equals sign, white space or another backslash.
 *
 * @throws EvopatchError `INVALID_OPTION` for an empty name, or more than one equals sign.
 */
export function parseClassChoice(text: string): ClassChoice {
  return splitAt(tokensOf(text), ',').map((entry) => {
    const names = splitAt(entry, '=').map(nameOf);
    if (names.length > 2 || names.includes('')) {
      const data = { option: 'classes', given: text, hint: FORM };
      throw new EvopatchError('INVALID_OPTION', 'not a list of classes', data);
    }
    const [from, to = from] = names;
    return [from, to] as const;
  });
}

/** Formats a choice so that `parseClassChoice` reads it back. */
export function formatClassChoice(choice: ClassChoice): string {
  return choice
    .map((entry) => {
      const [from, to] = namesOf(entry);
      return from === to ? escapeName(from) : `${escapeName(from)}=${escapeName(to)}`;
    })
    .join(',');
}

/**
 * Makes a data set of the chosen classes. It leaves out faces of other classes; every other face keeps its split.
 *
 * @throws EvopatchError `INVALID_OPTION` for a class that the data do not have, or one that is chosen twice.
 */
export function chooseClasses(dataset: Dataset, choice: ClassChoice): Dataset {
  const classes: string[] = [];
  const labels = new Array<number>(dataset.classes.length).fill(-1);
  for (const [from, to] of choice.map(namesOf)) {
    const label = dataset.classes.indexOf(from);
    if (label < 0) throw unknownClass(from, dataset);
    if (labels[label] >= 0) {
      const data = { option: 'classes', given: formatClassChoice(choice), hint: FORM };
      throw new EvopatchError('INVALID_OPTION', `'${from}' is chosen twice`, data);
    }
    if (!classes.includes(to)) classes.push(to);
    labels[label] = classes.indexOf(to);
  }
  return relabel(dataset, classes, labels);
}

/** Removes the classes without faces from a data set, and lists their names. */
export function removeEmptyClasses(dataset: Dataset): {
  readonly dataset: Dataset;
  readonly empty: readonly string[];
} {
  const occurring = new Set(dataset.labels);
  const kept = dataset.classes.filter((_, label) => occurring.has(label));
  if (kept.length === dataset.classes.length) return { dataset, empty: [] };
  const empty = dataset.classes.filter((_, label) => !occurring.has(label));
  const labels = dataset.classes.map((name) => kept.indexOf(name));
  return { dataset: relabel(dataset, kept, labels), empty };
}

/** @param labels the new label of each class; −1 leaves its faces out */
function relabel(dataset: Dataset, classes: readonly string[], labels: readonly number[]): Dataset {
  const kept = Uint32Array.from(dataset.labels.keys()).filter((i) => labels[dataset.labels[i]] >= 0);
  const part = kept.length === dataset.count ? dataset : subsetOf(dataset, kept);
  const renumbered = new Uint8Array(new SharedArrayBuffer(part.count));
  for (const [i, label] of part.labels.entries()) renumbered[i] = labels[label];
  const named = { ...part, name: dataset.name, classes, labels: renumbered };
  return { ...named, hash: hashOf(named) };
}

function namesOf(entry: ClassChoice[number]): readonly [from: string, to: string] {
  return typeof entry === 'string' ? [entry, entry] : entry;
}

function unknownClass(name: string, { name: source, classes }: Dataset): EvopatchError {
  const meant = nearestClass(name, classes);
  const known = `The classes are ${classes.join(', ')}`;
  const hint = meant === undefined ? known : `Did you mean '${meant}'? ${known}`;
  const problem = `'${source}' has no face of this class`;
  return new EvopatchError('INVALID_OPTION', problem, { option: 'classes', given: name, hint });
}

/** Splits a text into characters; an escape one keeps its backslash. */
function tokensOf(text: string): string[] {
  return text.match(/\\.|./gsu) ?? [];
}

function splitAt(tokens: readonly string[], separator: ',' | '='): string[][] {
  const parts: string[][] = [[]];
  for (const token of tokens) {
    if (token === separator) parts.push([]);
    else parts[parts.length - 1].push(token);
  }
  return parts;
}

/** Joins tokens into a name, without unescaped white space around it. */
function nameOf(tokens: readonly string[]): string {
  const isText = (token: string) => token.trim() !== '';
  const name = tokens.slice(tokens.findIndex(isText), tokens.findLastIndex(isText) + 1);
  return name.map((token) => (token.length > 1 && token.startsWith('\\') ? token.slice(1) : token)).join('');
}

function escapeName(name: string): string {
  return name.replaceAll(/[\\,=]|^\s|\s$/g, '\\$&');
}
