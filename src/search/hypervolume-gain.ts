import { dominates } from './dominance.ts';
import { hypervolume } from './hypervolume.ts';

/** Less than any gain: of a point that is chosen already, or dominated. */
const NEVER = -1;

/**
 * Volume that a point adds to what others dominate: its own box without what they dominate of it. Where another one is worse in a
 * single objective, the box ends there, so that few others reach into it.
 *
 * @param others may include the point itself, which is left out
 */
export function hypervolumeGain(
  point: readonly number[],
  others: readonly (readonly number[])[],
  reference: readonly number[],
): number {
  const corner = [...reference];
  for (const other of others) {
    if (other === point) continue;
    const worse = onlyWorse(other, point);
    if (worse === null) return 0;
    if (worse !== undefined && other[worse] < corner[worse]) corner[worse] = other[worse];
  }
  const limited: number[][] = [];
  for (const other of others) {
    if (other === point || !isBelow(other, corner)) continue;
    limited.push(other.map((value, m) => Math.max(value, point[m])));
  }
  return hypervolume([point], corner) - hypervolume(limited, corner);
}

function isBelow(point: readonly number[], corner: readonly number[]): boolean {
  for (let m = 0; m < point.length; m++) if (!(point[m] < corner[m])) return false;
  return true;
}

/** The only objective in which one point is worse than another; `null` where there is none, `undefined` where there are several. */
function onlyWorse(one: readonly number[], other: readonly number[]): number | null | undefined {
  let worse: number | null = null;
  for (let m = 0; m < one.length; m++) {
    if (one[m] <= other[m]) continue;
    if (worse !== null) return undefined;
    worse = m;
  }
  return worse;
}

/**
 * Chooses points one by one, always the one that adds most to the hypervolume of the others and of those chosen before, and that none
 * of these dominates; the first of equals. What a point adds only shrinks as more are chosen, so an earlier gain is a limit, and only
 * those points are measured again whose limit is the largest (Minoux 1978, "Accelerated greedy algorithms for maximizing submodular
 * set functions").
 *
 * @returns indices in `points`, in the order of choice; fewer than `count` where all that is left is dominated
 */
export function chooseByGain(
  points: readonly (readonly number[])[],
  others: readonly (readonly number[])[],
  reference: readonly number[],
  count: number,
): number[] {
  const chosen: number[] = [];
  const taken = [...others];
  const gainOf = (point: readonly number[]) =>
    taken.some((one) => dominates(one, point)) ? NEVER : hypervolumeGain(point, taken, reference);
  const limits = points.map(gainOf);
  const measuredFor = points.map(() => 0); // how many had been chosen
  while (chosen.length < count) {
    const best = limits.reduce((first, limit, index) => (limit > limits[first] ? index : first), 0);
    if (!(limits[best] > NEVER)) break;
    if (measuredFor[best] < chosen.length) {
      limits[best] = gainOf(points[best]);
      measuredFor[best] = chosen.length;
      continue;
    }
    chosen.push(best);
    taken.push(points[best]);
    limits[best] = NEVER;
  }
  return chosen;
}
