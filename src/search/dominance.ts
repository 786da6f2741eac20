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
  for (let m = 0; m < a.length; m++) if (a[m] !== b[m]) return a[m] - b[m];
  return 0;
}

/** A front that grows in lexicographic order. */
interface GrowingFront {
  readonly members: { readonly index: number; readonly vector: readonly number[] }[];
  /**
   * The members that decide what the front dominates. A later one that is no larger in all objectives but the first stands for
   * those before it: what comes next is no smaller in the first.
   */
  deciding: (readonly number[])[];
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
  const fronts: GrowingFront[] = [];
  for (const candidate of candidates) {
    const { vector } = candidate;
    const front = fronts.find(({ deciding }) => !deciding.some((member) => dominates(member, vector)));
    if (front === undefined) {
      fronts.push({ members: [candidate], deciding: [vector] });
      continue;
    }
    front.members.push(candidate);
    front.deciding = front.deciding.filter((member) => member.some((value, m) => m > 0 && value < vector[m]));
    front.deciding.push(vector);
  }
  const ranks = objectives.map(() => fronts.length);
  for (const [rank, { members }] of fronts.entries()) for (const { index } of members) ranks[index] = rank;
  return {
    fronts: fronts.map(({ members }) => members.map(({ index }) => index).sort((a, b) => a - b)),
    ranks,
  };
}
