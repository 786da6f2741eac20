import { faceSquare } from '../genome/patches.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { Finalist } from '../run/result.ts';

/** Shares of the face's pixels, and numbers of parameters, up to which a result names its most accurate network. */
export const PIXEL_LIMITS = [0.05, 0.1, 0.15, 0.25, 0.35, 0.5] as const;
export const PARAMETER_LIMITS = [1_000, 5_000, 20_000, 60_000, 100_000] as const;

/** The most accurate finalist up to a size. */
export interface SizeStep {
  /** A share of the face's pixels, or a number of parameters. */
  readonly limit: number;
  /** `null` if no finalist is as small. */
  readonly finalist: Finalist | null;
  /** Whether it is not worse than the baseline, by the margin of the run; `null` without a finalist or a baseline. */
  readonly holds: boolean | null;
}

/** How accurate networks of each size are, the smallest limit first. */
export interface SizeLadder {
  readonly pixels: readonly SizeStep[];
  readonly parameters: readonly SizeStep[];
}

/** Finds the most accurate finalist for each limit on the pixels and on the parameters; of equals the smaller one. */
export function sizeLadder(finalists: readonly Finalist[], frame: FrameGeometry): SizeLadder {
  const facePixels = faceSquare(frame).width ** 2;
  const bestFirst = finalists.toSorted(
    (a, b) =>
      b.validationAccuracy - a.validationAccuracy ||
      a.coveredPixels - b.coveredPixels ||
      a.parameters - b.parameters,
  );
  const steps = (limits: readonly number[], sizeOf: (finalist: Finalist) => number) =>
    limits.map((limit) => {
      const finalist = bestFirst.find((one) => sizeOf(one) <= limit) ?? null;
      return { limit, finalist, holds: finalist?.difference?.notWorse ?? null };
    });
  return {
    pixels: steps(PIXEL_LIMITS, ({ coveredPixels }) => coveredPixels / facePixels),
    parameters: steps(PARAMETER_LIMITS, ({ parameters }) => parameters),
  };
}
