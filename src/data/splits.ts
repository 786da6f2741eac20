import { randomStream } from '../core/random.ts';
import type { Dataset } from './dataset.ts';

/** Two disjoint parts of a set of samples, as sample indices, ascending. */
export interface SplitPair {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
}

/**
 * Divides samples into `first`, which gets the share, and `second`, which gets the rest, so that each class has the same share in
 * both. Without subjects, each class and the whole are within one sample of their shares; a class with one sample goes to the
 * smaller part only if no other can fill it. With subjects, all samples of a person stay together, and a greedy search brings the
 * classes close to their shares; with two or more people neither part stays empty.
 *
 * @param share of `first`, 0–1
 * @param seed equal seeds give equal parts
 */
export function stratifiedSplit(
  dataset: Pick<Dataset, 'labels' | 'subjects'>,
  indices: ArrayLike<number>,
  share: number,
  seed: string | number,
): SplitPair {
  const chosen = dataset.subjects
    ? chooseSubjects(dataset.labels, dataset.subjects, indices, share, seed)
    : chooseSamples(dataset.labels, indices, share, seed);
  const sorted = Uint32Array.from(indices).sort();
  return { first: sorted.filter((i) => chosen.has(i)), second: sorted.filter((i) => !chosen.has(i)) };
}

/**
 * Chooses samples by largest remainders (Hamilton's method): the numbers of the classes add up to the rounded share of the whole.
 */
function chooseSamples(
  labels: Uint8Array,
  indices: ArrayLike<number>,
  share: number,
  seed: string | number,
): Set<number> {
  const classes = [...groupBy(indices, labels)].sort(([a], [b]) => a - b);
  const quotas = classes.map(([label, members]) => {
    const exact = members.length * share;
    const whole = Math.floor(exact);
    return { label, members, whole, remainder: exact - whole };
  });
  const missing = Math.round(indices.length * share) - quotas.reduce((sum, { whole }) => sum + whole, 0);
  const last = (members: readonly number[]) => Number(members.length === 1) * (share < 0.5 ? 1 : -1);
  const rounded = quotas.sort(
    (a, b) => last(a.members) - last(b.members) || b.remainder - a.remainder || a.label - b.label,
  );
  const chosen = rounded.map(({ label, members, whole, remainder }, rank) => {
    const taken = whole + (rank < missing && remainder > 0 ? 1 : 0);
    return randomStream('split', seed, label).shuffle(members).slice(0, taken);
  });
  return new Set(chosen.flat());
}

/**
 * Chooses people. It starts with the person with the most samples and breaks ties at random; a person goes to `first` if that
 * brings the classes closer to their shares. Then single people change sides as long as that helps.
 */
function chooseSubjects(
  labels: Uint8Array,
  subjects: Int32Array,
  indices: ArrayLike<number>,
  share: number,
  seed: string | number,
): Set<number> {
  const excess = new Map<number, number>(); // samples of each class in `first` beyond its share
  for (const [label, members] of groupBy(indices, labels)) excess.set(label, -share * members.length);
  const shuffled = randomStream('split', seed, 'subjects').shuffle([...groupBy(indices, subjects).values()]);
  const people = shuffled
    .map((members) => ({ members, classes: [...countBy(members, labels)], inside: false }))
    .sort((a, b) => b.members.length - a.members.length);
  /** Computes the change of the sum of squared excesses if the person changes sides. */
  const change = ({ classes, inside }: (typeof people)[number]): number => {
    const sign = inside ? -1 : 1;
    let sum = 0;
    for (const [label, count] of classes) sum += count * (count + 2 * sign * excess.get(label)!);
    return sum;
  };
  const move = (person: (typeof people)[number]): void => {
    const sign = person.inside ? -1 : 1;
    for (const [label, count] of person.classes) excess.set(label, excess.get(label)! + sign * count);
    person.inside = !person.inside;
  };
  for (let moved = true; moved; ) {
    moved = false;
    for (const person of people) {
      if (change(person) >= -1e-9) continue; // every move lowers the sum of squares, so this ends
      move(person);
      moved = true;
    }
  }
  for (const inside of [true, false]) {
    const empty = people.length > 1 && !people.some((person) => person.inside === inside);
    if (!empty || share <= 0 || share >= 1) continue;
    move(people.reduce((best, person) => (change(person) < change(best) ? person : best)));
  }
  return new Set(people.filter((person) => person.inside).flatMap((person) => person.members));
}

function groupBy(indices: ArrayLike<number>, keys: ArrayLike<number>): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const index of Array.from(indices).sort((a, b) => a - b)) {
    const group = groups.get(keys[index]);
    if (group) group.push(index);
    else groups.set(keys[index], [index]);
  }
  return groups;
}

function countBy(indices: readonly number[], keys: ArrayLike<number>): Map<number, number> {
  return new Map([...groupBy(indices, keys)].map(([key, members]) => [key, members.length]));
}
