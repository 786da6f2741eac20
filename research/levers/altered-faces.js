// Faces that are redrawn between two epochs.
import { faceSquare } from '../../dist/genome/patches.js';
import { frameStatistics } from '../../dist/nn/samples.js';

/** Share of the faces that lose a rectangle, and the sides of these rectangles as shares of the face's side. */
const ERASED = { faces: 1 / 2, minimum: 1 / 6, maximum: 1 / 2 };

/** Copies faces that are to be altered; they stay normalised as before. */
export function copyOf(samples) {
  return { ...samples, frames: samples.frames.slice(), statistics: frameStatistics(samples) };
}

/** Draws the view of a face: shifted by whole pixels, then flipped left to right or not. */
export function randomView({ shift, flip }, random) {
  const shiftX = random.integer(-shift, shift);
  return { shiftX, shiftY: random.integer(-shift, shift), flip: flip && random.chance(1 / 2) };
}

/** Writes the view of a face into other frames; beyond the edge the outermost pixels repeat. */
export function drawView(
  into,
  { frames, frameSize: size },
  sample,
  { shiftX = 0, shiftY = 0, flip = false },
) {
  const start = sample * size * size;
  const inside = (place) => Math.min(Math.max(place, 0), size - 1);
  for (let y = 0; y < size; y++) {
    const from = start + size * inside(y + shiftY);
    for (let x = 0; x < size; x++) {
      into[start + size * y + (flip ? size - 1 - x : x)] = frames[from + inside(x + shiftX)];
    }
  }
}

/** Makes a rectangle of some faces grey (Zhong et al. 2020, arXiv 1708.04896). */
export function eraseRectangle({ frames, frameSize, statistics }, sample, frame, random) {
  if (!random.chance(ERASED.faces)) return;
  const face = faceSquare(frame);
  const share = () => ERASED.minimum + random.uniform() * (ERASED.maximum - ERASED.minimum);
  const width = Math.round(face.width * share());
  const height = Math.round(face.height * share());
  const left = face.x + random.integer(0, face.width - width);
  const top = face.y + random.integer(0, face.height - height);
  const grey = Math.round(statistics[2 * sample]);
  for (let y = top; y < top + height; y++) {
    const start = (sample * frameSize + y) * frameSize + left;
    frames.fill(grey, start, start + width);
  }
}
