import { dominates } from './dominance.ts';
import { lexicographic } from './order.ts';

type Point = readonly number[];

/**
 * The volume of objective space that is dominated by at least one point and lies below the reference (Zitzler & Thiele
 * 1998; all objectives to be minimised). Exact for any number of objectives: a sweep in two dimensions, the WFG
 * algorithm above (While, Bradstreet & Barone 2012, "A fast way of calculating exact hypervolumes", section III).
 * Independent of the order of the points, to the last bit; a point that is not below the reference in every objective
 * adds nothing.
 *
 * @param points vectors of finite values as long as `reference`; they may dominate or equal each other
 * @param reference a vector that is worse than every point of interest, at least one value long
 */
export function hypervolume(points: readonly Point[], reference: Point): number {
  const inside = points.filter((point) => point.every((value, m) => value < reference[m]));
  return volume(nonDominated(inside), reference);
}

/** Of points that are sorted, distinct and do not dominate one another. */
function volume(points: readonly Point[], reference: Point): number {
  if (reference.length <= 2) return sweep(points, reference);
  // What each point adds to those after it: its own box without what they dominate of that box.
  return points.reduce((sum, point, k) => {
    const box = point.reduce((product, value, m) => product * (reference[m] - value), 1);
    const limited = points.slice(k + 1).map((other) => other.map((value, m) => Math.max(value, point[m])));
    return sum + box - volume(nonDominated(limited), reference);
  }, 0);
}

/** One or two dimensions: a staircase of slabs, from the smallest first objective to the largest. */
function sweep(points: readonly Point[], reference: Point): number {
  let area = 0;
  let ceiling = reference.length === 1 ? 1 : reference[1];
  for (const [x, y = 0] of points) {
    area += (reference[0] - x) * (ceiling - y);
    ceiling = y;
  }
  return area;
}

/** The points that no other dominates, without repetition, in lexicographic order. */
function nonDominated(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points.toSorted(lexicographic)) {
    // Whatever dominates or equals a point stands before it.
    if (!kept.some((other) => dominates(other, point) || lexicographic(other, point) === 0)) kept.push(point);
  }
  return kept;
}
