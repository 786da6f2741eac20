import { lexicographic } from './dominance.ts';

/**
 * The crowding distance of Deb et al. (2002), section III-B, of the members of one front: for each objective the gap
 * between the two neighbours, as a share of the front's range, summed. The ends of each objective get Infinity.
 *
 * Equal vectors crowd each other wholly: the first of them gets the distance of the one point that they are, the others
 * get 0. Ties in one objective keep the lexicographic order, so the distances do not depend on the order of the input
 * (except for which of equal vectors counts as the first). An objective that is the same for all adds nothing.
 *
 * @param front vectors of one length with finite values, none of which dominates another
 * @returns the distance of each vector, in the order of the input
 */
export function crowdingDistances(front: readonly (readonly number[])[]): number[] {
  const distances = front.map(() => 0);
  const order = [...front.keys()].sort((a, b) => lexicographic(front[a], front[b]) || a - b);
  const distinct = order.filter((index, position) => {
    return position === 0 || lexicographic(front[order[position - 1]], front[index]) !== 0;
  });
  if (distinct.length <= 2) {
    for (const index of distinct) distances[index] = Number.POSITIVE_INFINITY;
    return distances;
  }
  for (let m = 0; m < front[distinct[0]].length; m++) {
    const sorted = distinct.toSorted((a, b) => front[a][m] - front[b][m]);
    const first = sorted[0];
    const last = sorted[sorted.length - 1];
    const range = front[last][m] - front[first][m];
    if (range === 0) continue;
    distances[first] = Number.POSITIVE_INFINITY;
    distances[last] = Number.POSITIVE_INFINITY;
    for (let k = 1; k < sorted.length - 1; k++) {
      distances[sorted[k]] += (front[sorted[k + 1]][m] - front[sorted[k - 1]][m]) / range;
    }
  }
  return distances;
}
