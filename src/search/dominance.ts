import { lexicographic, lexicographicOrder } from './order.ts';

/**
 * The scores of one candidate, each to be minimised. `null` stands for an evaluation that failed; a vector with a
 * value that is not finite counts as failed too.
 */
export type Objectives = readonly number[] | null;

export interface NonDominatedSort {
  /**
   * Indices of the candidates that did not fail: `fronts[0]` are those that nothing dominates, `fronts[1]` those that
   * only `fronts[0]` dominates, and so on. Indices ascend within a front.
   */
  readonly fronts: readonly (readonly number[])[];
  /** Front of each candidate; that of the failed ones is `fronts.length`, behind all others. */
  readonly ranks: readonly number[];
}

/** Whether an evaluation gave objectives that can be compared. */
export function succeeded(objectives: Objectives): objectives is readonly number[] {
  return objectives?.every(Number.isFinite) ?? false;
}

/** Pareto dominance: no objective larger and at least one smaller. Equal vectors do not dominate each other. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let smaller = false;
  for (let m = 0; m < a.length; m++) {
    if (a[m] > b[m]) return false;
    if (a[m] < b[m]) smaller = true;
  }
  return smaller;
}

/**
 * The non-dominated sort of NSGA-II (Deb, Pratap, Agarwal and Meyarivan 2002, "A fast and elitist multiobjective genetic algorithm:
 * NSGA-II", section III-A), by the binary search of Zhang, Tian, Cheng and Jin (2015), "An efficient approach to nondominated
 * sorting": whatever dominates a candidate stands before it in lexicographic order, so that each candidate goes to the first front
 * without a member that dominates it, and where a front has such a member, all fronts before it have one. A candidate's rank
 * depends on the set of vectors alone, not on their order; equal vectors share a rank.
 */
export function nonDominatedSort(objectives: readonly Objectives[]): NonDominatedSort {
  const places: number[] = [];
  const vectors: (readonly number[])[] = [];
  for (let index = 0; index < objectives.length; index++) {
    const vector = objectives[index];
    if (!succeeded(vector)) continue;
    places.push(index);
    vectors.push(vector);
  }
  const growing = (vectors[0]?.length ?? 0) <= 3 ? staircase : archive;
  const fronts: GrowingFront[] = [];
  const ranks = objectives.map(() => -1);
  let rank = 0;
  let before: readonly number[] | undefined;
  const order = lexicographicOrder(vectors);
  for (let position = 0; position < order.length; position++) {
    const place = order[position];
    const vector = vectors[place];
    const isAgain = before !== undefined && lexicographic(before, vector) === 0;
    if (!isAgain) {
      rank = firstWithout(fronts, vector);
      if (rank === fronts.length) fronts.push(growing());
      fronts[rank].add(vector);
    }
    before = vector;
    ranks[places[place]] = rank;
  }
  const members: number[][] = fronts.map(() => []);
  for (const [index, own] of ranks.entries()) {
    if (own < 0) ranks[index] = fronts.length;
    else members[own].push(index);
  }
  return { fronts: members, ranks };
}

/** Number of the first front that has no member which dominates the vector. */
function firstWithout(fronts: readonly GrowingFront[], vector: readonly number[]): number {
  let low = 0;
  let high = fronts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fronts[middle].beats(vector)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A front that grows by vectors in lexicographic order, none twice. Since what comes next is no smaller in the first objective,
 * the others decide, and a member that is no smaller than a later one in all of them need not be kept.
 */
interface GrowingFront {
  /** Whether a member dominates the vector, which is not in the front. */
  beats(vector: readonly number[]): boolean;
  add(vector: readonly number[]): void;
}

/** For up to three objectives: the members that decide form a staircase, whose second objective rises and whose third one falls. */
function staircase(): GrowingFront {
  const seconds: number[] = [];
  const thirds: number[] = [];
  /** Number of steps whose second objective is below the value, or equal to it. */
  const stepsUpTo = (value: number): number => {
    let low = 0;
    let high = seconds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (seconds[middle] <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    beats(vector) {
      const steps = stepsUpTo(vector[1] ?? 0);
      return steps > 0 && thirds[steps - 1] <= (vector[2] ?? 0);
    },
    add([, second = 0, third = 0]) {
      const steps = stepsUpTo(second);
      const place = steps > 0 && seconds[steps - 1] === second ? steps - 1 : steps;
      let gone = place;
      while (gone < thirds.length && thirds[gone] >= third) gone++;
      seconds.splice(place, gone - place, second);
      thirds.splice(place, gone - place, third);
    },
  };
}

/** For any number of objectives: a list of the members that decide. */
function archive(): GrowingFront {
  let deciding: (readonly number[])[] = [];
  return {
    beats: (vector) => deciding.some((member) => dominates(member, vector)),
    add(vector) {
      deciding = deciding.filter((member) => member.some((value, m) => m > 0 && value < vector[m]));
      deciding.push(vector);
    },
  };
}
