import { randomStream } from '../../core/random.ts';
import { renderFrame } from '../../landmarks/frame.ts';
import { FACE_FRAME, type FrameGeometry } from '../../landmarks/frame-geometry.ts';
import { fitSimilarity, wholeOf } from '../../landmarks/similarity.ts';
import { drawActivation, EXPRESSIONS } from './action-units.ts';
import { PICTURE_SIZE, STUDIO } from './conditions.ts';
import { AVERAGE } from './identity.ts';
import { renderFace } from './render.ts';

const FACES_PER_CLASS = 64;

/**
 * Where the synthetic expressions differ: at each frame pixel the root mean square, over the classes, of the distance
 * of the class's mean grey from the mean of all classes; scaled to a sum of 1. The means are over faces of the average
 * person, frontal, in flat light, without noise or anything before them, so that nothing but the expression moves. All
 * are aligned by the landmarks of the resting face.
 *
 * @returns [size][size]
 */
export function syntheticDifferenceMap(frame: FrameGeometry = FACE_FRAME): Float64Array {
  const picture = { width: PICTURE_SIZE, height: PICTURE_SIZE };
  const { similarity } = fitSimilarity(renderFace(AVERAGE, {}, STUDIO).landmarks, wholeOf(picture), frame);
  const pixels = frame.size * frame.size;
  const classMeans = EXPRESSIONS.map((expression) => {
    const mean = new Float64Array(pixels);
    for (let face = 0; face < FACES_PER_CLASS; face++) {
      const activation = drawActivation(expression, randomStream('difference map', expression, face));
      const rendered = renderFace(AVERAGE, activation, STUDIO);
      const aligned = renderFrame({ ...picture, pixels: rendered.pixels }, similarity, frame);
      for (let i = 0; i < pixels; i++) mean[i] += aligned[i] / FACES_PER_CLASS;
    }
    return mean;
  });
  const map = new Float64Array(pixels);
  let sum = 0;
  for (let i = 0; i < pixels; i++) {
    let total = 0;
    for (const mean of classMeans) total += mean[i];
    const overall = total / classMeans.length;
    let squares = 0;
    for (const mean of classMeans) squares += (mean[i] - overall) * (mean[i] - overall);
    map[i] = Math.sqrt(squares / classMeans.length);
    sum += map[i];
  }
  return map.map((difference) => difference / sum);
}
