import { EvopatchError } from '../core/errors.ts';
import type { FaceGrid } from '../landmarks/face-grid.ts';

/** How well a map finds what is known to be true. Beside each score stands what a map by chance has. */
export interface TruthScore {
  /**
   * Pointing game (Zhang et al. 2018, section 4.3, without tolerance): whether the map's highest pixel is a true one, 1 or
   * 0; of several highest ones, the share that is.
   */
  readonly pointing: number;
  /**
   * Area under the precision–recall curve of the pixels in the order of their values, in steps (average precision). Pixels
   * of equal value come together, so the score does not depend on their order.
   */
  readonly averagePrecision: number;
  /** What both scores are on average for a map that knows nothing: the share of the pixels that are true. */
  readonly chance: number;
}

/** Share of the truth's mass that the true pixels hold. */
const HELD = 0.5;

/**
 * The fewest pixels that hold half of a map's mass, of those asked about, and all that equal the last of them.
 *
 * @param truth not negative
 * @param within numbers of the pixels that count; all of them where left out
 * @throws EvopatchError `INVALID_OPTION` where the truth is 0 on all of them.
 */
export function truePixels(
  truth: FaceGrid,
  within: ArrayLike<number> = allPixels(truth),
): ReadonlySet<number> {
  const sorted = Array.from(within).sort((a, b) => truth.values[b] - truth.values[a] || a - b);
  const mass = sorted.reduce((sum, pixel) => sum + truth.values[pixel], 0);
  if (!(mass > 0)) throw new EvopatchError('INVALID_OPTION', 'there is nothing to find', { option: 'truth' });
  const found = new Set<number>();
  let held = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const pixel of sorted) {
    if (held >= HELD * mass && truth.values[pixel] < least) break;
    found.add(pixel);
    held += truth.values[pixel];
    least = truth.values[pixel];
  }
  return found;
}

/**
 * Scores a map against the truth: do its highest pixels lie on the fewest that hold half of the truth's mass?
 *
 * @param within numbers of the pixels that count, as those that a network reads; all of them where left out
 * @throws EvopatchError `INVALID_OPTION` where map and truth are of different sizes, or there is nothing to find.
 */
export function scoreAgainstTruth(
  map: FaceGrid,
  truth: FaceGrid,
  within: ArrayLike<number> = allPixels(truth),
): TruthScore {
  if (map.size !== truth.size) {
    const problem = `the map must have ${truth.size}×${truth.size} pixels`;
    throw new EvopatchError('INVALID_OPTION', problem, { option: 'map', given: map.size });
  }
  const positive = truePixels(truth, within);
  const pixels = Array.from(within);
  const groups = new Map<number, { all: number; right: number }>();
  for (const pixel of pixels) {
    const value = map.values[pixel];
    const group = groups.get(value) ?? { all: 0, right: 0 };
    group.all++;
    if (positive.has(pixel)) group.right++;
    groups.set(value, group);
  }
  const descending = [...groups].sort(([a], [b]) => b - a).map(([, group]) => group);
  let [taken, right, area] = [0, 0, 0];
  for (const group of descending) {
    taken += group.all;
    right += group.right;
    area += (group.right / positive.size) * (right / taken);
  }
  const [highest] = descending;
  return {
    pointing: highest.right / highest.all,
    averagePrecision: area,
    chance: positive.size / pixels.length,
  };
}

function allPixels({ values }: FaceGrid): number[] {
  return Array.from(values.keys());
}
