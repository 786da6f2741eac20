import { EvopatchError } from '../core/errors.ts';
import type { FaceGrid } from '../landmarks/frame-geometry.ts';

/** Scores a map against a known truth, with the scores expected by chance. */
export interface TruthScore {
  /**
   * Pointing game (Zhang et al. 2018, section 4.3, without tolerance): 1 if the map's highest pixel is a true one, else 0;
   * the share of true ones if several are highest.
   */
  readonly pointing: number;
  /**
   * Average precision: area under the stepwise precision–recall curve of the pixels in the order of their values. Pixels
   * of equal value form one step, so their order does not matter.
   */
  readonly averagePrecision: number;
  /** Mean of both scores for random maps: the share of the pixels that are true. */
  readonly chance: number;
}

/** Minimum share of the truth's mass that the true pixels hold. */
const HELD = 0.5;

/**
 * Finds the smallest set of pixels that holds half of a map's mass, with all pixels that equal the lowest among them.
 *
 * @param truth not negative
 * @param within indices of the pixels that count @defaultValue all
 * @throws EvopatchError `INVALID_OPTION` if the truth is 0 on all of them.
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
  let minimum = Number.POSITIVE_INFINITY;
  for (const pixel of sorted) {
    if (held >= HELD * mass && truth.values[pixel] < minimum) break;
    found.add(pixel);
    held += truth.values[pixel];
    minimum = truth.values[pixel];
  }
  return found;
}

/**
 * Scores a map against the truth: checks whether its highest pixels lie on `truePixels`.
 *
 * @param within indices of the pixels that count, such as those that a network reads @defaultValue all
 * @throws EvopatchError `INVALID_OPTION` if map and truth differ in size, or if there is nothing to find.
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
