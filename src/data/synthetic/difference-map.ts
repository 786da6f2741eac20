import { randomStream } from '../../core/random.ts';
import { renderFrame } from '../../landmarks/frame.ts';
import { FACE_FRAME, type FrameGeometry } from '../../landmarks/frame-geometry.ts';
import { fitSimilarity, wholeOf } from '../../landmarks/similarity.ts';
import { drawActivation, EXPRESSIONS } from './action-units.ts';
import { PICTURE_SIZE, STUDIO } from './conditions.ts';
import { AVERAGE } from './identity.ts';
import { renderFace } from './render.ts';

const FACES_PER_CLASS = 64;

/** Maps of where the drawn expressions differ, each with a sum of 1. */
export interface SyntheticDifferences {
  /** The root mean square over the classes of the distance between the mean grey of the class and that of all, [size][size]. */
  readonly overall: Float64Array;
  /** That distance for each class, in the order of `EXPRESSIONS`. */
  readonly perClass: readonly Float64Array[];
}

/**
 * Maps where the drawn expressions differ: over all classes, and each class from the others. The means are over faces of the
 * average person, frontal, in flat light, without noise or occluders, so that only the expression moves. The landmarks of the
 * resting face align all of them.
 */
export function syntheticDifferences(frame: FrameGeometry = FACE_FRAME): SyntheticDifferences {
  const classMeans = meanFaces(frame);
  const pixels = frame.size * frame.size;
  const overall = new Float64Array(pixels);
  const perClass = classMeans.map(() => new Float64Array(pixels));
  for (let i = 0; i < pixels; i++) {
    let total = 0;
    for (const mean of classMeans) total += mean[i];
    const middle = total / classMeans.length;
    let squares = 0;
    for (const [label, mean] of classMeans.entries()) {
      const distance = Math.abs(mean[i] - middle);
      perClass[label][i] = distance;
      squares += distance * distance;
    }
    overall[i] = Math.sqrt(squares / classMeans.length);
  }
  return { overall: scaled(overall), perClass: perClass.map(scaled) };
}

/** Gives the overall map of `syntheticDifferences`, [size][size]. */
export function syntheticDifferenceMap(frame: FrameGeometry = FACE_FRAME): Float64Array {
  return syntheticDifferences(frame).overall;
}

/** Draws the mean face of each expression, [size][size]. */
function meanFaces(frame: FrameGeometry): Float64Array[] {
  const picture = { width: PICTURE_SIZE, height: PICTURE_SIZE };
  const { similarity } = fitSimilarity(renderFace(AVERAGE, {}, STUDIO).landmarks, wholeOf(picture), frame);
  const pixels = frame.size * frame.size;
  return EXPRESSIONS.map((expression) => {
    const mean = new Float64Array(pixels);
    for (let face = 0; face < FACES_PER_CLASS; face++) {
      const activation = drawActivation(expression, randomStream('difference map', expression, face));
      const rendered = renderFace(AVERAGE, activation, STUDIO);
      const aligned = renderFrame({ ...picture, pixels: rendered.pixels }, similarity, frame);
      for (let i = 0; i < pixels; i++) mean[i] += aligned[i] / FACES_PER_CLASS;
    }
    return mean;
  });
}

function scaled(map: Float64Array): Float64Array {
  let sum = 0;
  for (const difference of map) sum += difference;
  return map.map((difference) => difference / sum);
}
