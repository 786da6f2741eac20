import { poseOf } from '../../dist/landmarks/face-pose.js';

/** From here, as a share of the distance between the eyes, a nose tip off the middle between them counts as turned. */
const TURNED = 0.15;

/**
 * Counts photos by what the search for landmarks (`auto`) found in them.
 *
 * @param rows `[file, face, score, x0, y0, …]` of a points csv, without its header; the score is 1 for a picture so small that it
 *   counts as a crop of a face, and 0 where no face was found, so that the whole picture counts as one
 */
export function countPhotos(rows) {
  const faces = new Map();
  for (const row of rows) faces.set(row[0], [...(faces.get(row[0]) ?? []), row]);
  const counts = { photos: faces.size, crops: 0, found: 0, notFound: 0, several: 0, turned: 0 };
  for (const found of faces.values()) {
    const [[, , score, ...points]] = found.toSorted((a, b) => b[2] - a[2]);
    counts[{ 0: 'notFound', 1: 'crops' }[Number(score)] ?? 'found']++;
    if (found.length > 1) counts.several++;
    if (isTurned(points.map(Number))) counts.turned++;
  }
  return counts;
}

function isTurned(points) {
  const { noseTip, leftEye, rightEye, eyeDistance } = poseOf(points);
  const [right, down] = [rightEye[0] - leftEye[0], rightEye[1] - leftEye[1]];
  const along = (noseTip[0] - leftEye[0]) * right + (noseTip[1] - leftEye[1]) * down;
  return Math.abs(along / eyeDistance ** 2 - 0.5) > TURNED;
}
