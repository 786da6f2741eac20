import { formatCount } from '../../summary/format.ts';
import type { PictureResult, PredictionCounts } from './predicted-photo.ts';

export const NO_COUNTS: PredictionCounts = { pictures: 0, faces: 0, withoutFace: 0, failed: 0 };

/** Adds a result to the counts. */
export function counted(counts: PredictionCounts, result: PictureResult): PredictionCounts {
  if ('error' in result) return { ...counts, failed: counts.failed + 1 };
  const faces =
    'photo' in result
      ? result.photo.faces.length
      : Math.max(0, ...result.animation.frames.map((frame) => frame.faces.length));
  return {
    ...counts,
    pictures: counts.pictures + 1,
    faces: counts.faces + faces,
    withoutFace: counts.withoutFace + (faces === 0 ? 1 : 0),
  };
}

/** Describes the counts in a line. @param total pictures to read, where that is known */
export function describeCounts(
  { pictures, faces, withoutFace, failed }: PredictionCounts,
  total: number | undefined,
): string {
  const missing = total === undefined ? 0 : total - pictures - failed;
  const of = total === undefined ? '' : ` of ${formatCount(total)}`;
  return [
    `${formatCount(pictures)}${of} pictures read, ${formatCount(faces)} faces`,
    ...(withoutFace > 0 ? [`${formatCount(withoutFace)} without a face`] : []),
    ...(failed > 0 ? [`${formatCount(failed)} cannot be read`] : []),
    ...(missing > 0 ? [`interrupted before ${formatCount(missing)}`] : []),
  ].join(', ');
}
