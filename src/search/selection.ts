import type { RandomStream } from '../core/random.ts';
import { crowdingDistances } from './crowding.ts';
import { nonDominatedSort, type Objectives, succeeded } from './dominance.ts';
import { hypervolumeGain } from './hypervolume-gain.ts';

/** Where a candidate stands among its generation. */
export interface Standing {
  /** Its index in the list of objectives. */
  readonly index: number;
  /** Number of its front; 0 is the best. */
  readonly rank: number;
  /** Its crowding distance within its front; 0 for a failed evaluation. */
  readonly crowding: number;
}

/**
 * The crowded comparison of Deb et al. (2002), section III-B: the lower rank is better, then the larger crowding
 * distance. Negative where `a` is better, 0 for a tie.
 */
export function crowdedComparison(a: Standing, b: Standing): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.crowding === b.crowding) return 0;
  return a.crowding > b.crowding ? -1 : 1;
}

/** Rank and crowding distance of every candidate, in the order of the input. */
export function rankAndCrowding(objectives: readonly Objectives[]): Standing[] {
  const { ranks } = nonDominatedSort(objectives);
  const standings = objectives.map((_, index) => ({ index, rank: ranks[index], crowding: 0 }));
  const compared = standings.filter(({ index }) => succeeded(objectives[index]));
  const vectors = compared.map(({ index }) => objectives[index] ?? []);
  const distances = crowdingDistances(
    vectors,
    compared.map(({ rank }) => rank),
  );
  for (const [position, standing] of compared.entries()) standing.crowding = distances[position];
  return standings;
}

/**
 * The best of the first `count` of some candidates: of the lowest rank among all, the one that adds most to the hypervolume of its
 * front, as in SMS-EMOA (Beume, Naujoks & Emmerich 2007); the first of equals. Some of them must have succeeded.
 *
 * @param reference the corner of the box that hypervolumes are measured in
 * @returns its index
 */
export function bestOfFirst(
  count: number,
  objectives: readonly Objectives[],
  reference: readonly number[],
): number {
  const { fronts, ranks } = nonDominatedSort(objectives);
  const front = fronts[ranks.slice(0, count).reduce((best, one) => Math.min(best, one))];
  const points = front.map((index) => objectives[index] ?? []);
  const firsts = front.filter((index) => index < count); // indices ascend within a front
  const gains = firsts.map((_, position) => hypervolumeGain(points[position], points, reference));
  return firsts[gains.indexOf(gains.reduce((most, one) => Math.max(most, one)))];
}

/**
 * Elitist (μ + λ) survival: the best `count` of parents and children together, whole fronts first and the last one by
 * crowding distance (Deb et al. 2002, section III-C). Failed evaluations survive only where nothing else is left.
 *
 * @returns the survivors, best first. Ties go to the smaller index, so put parents before children.
 */
export function survival(objectives: readonly Objectives[], count: number): Standing[] {
  const standings = rankAndCrowding(objectives);
  return standings.sort((a, b) => crowdedComparison(a, b) || a.index - b.index).slice(0, count);
}

/**
 * Binary tournament: the better of two different candidates drawn at random, by the crowded comparison. The first
 * drawn wins a tie.
 *
 * @returns the index of the winner in `standings`, which must not be empty
 */
export function binaryTournament(standings: readonly Standing[], random: RandomStream): number {
  if (standings.length === 1) return 0;
  const first = random.integer(0, standings.length - 1);
  const skip = random.integer(0, standings.length - 2);
  const second = skip < first ? skip : skip + 1;
  return crowdedComparison(standings[first], standings[second]) <= 0 ? first : second;
}
