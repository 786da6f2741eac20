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

/** Order by the first objective, ties by the next. Whatever dominates a vector stands before it. */
export function lexicographic(a: readonly number[], b: readonly number[]): number {
  const m = a.findIndex((value, index) => value !== b[index]);
  return m < 0 ? 0 : a[m] - b[m];
}

/**
 * The non-dominated sort of NSGA-II (Deb, Pratap, Agarwal and Meyarivan 2002, "A fast and elitist multiobjective genetic algorithm:
 * NSGA-II", section III-A), by the sequential search of Zhang, Tian, Cheng and Jin (2015), "An efficient approach to
 * nondominated sorting": whatever dominates a candidate stands before it in lexicographic order, so that each candidate goes to the
 * first front without a member that dominates it. A candidate's rank depends on the set of vectors alone, not on their order;
 * equal vectors share a rank.
 */
export function nonDominatedSort(objectives: readonly Objectives[]): NonDominatedSort {
  const candidates = objectives
    .flatMap((vector, index) => (succeeded(vector) ? [{ index, vector }] : []))
    .sort((a, b) => lexicographic(a.vector, b.vector));
  const fronts: { index: number; vector: readonly number[] }[][] = [];
  for (const candidate of candidates) {
    // The latest members are the most alike, and so the likeliest to dominate it.
    const isOpen = (front: (typeof fronts)[number]) =>
      front.findLast(({ vector }) => dominates(vector, candidate.vector)) === undefined;
    const front = fronts.find(isOpen);
    if (front === undefined) fronts.push([candidate]);
    else front.push(candidate);
  }
  const ranks = objectives.map(() => fronts.length);
  for (const [rank, members] of fronts.entries()) for (const { index } of members) ranks[index] = rank;
  return { fronts: fronts.map((members) => members.map(({ index }) => index).sort((a, b) => a - b)), ranks };
}
