import { randomStream } from '../../core/random.ts';
import type { Activation } from './action-units.ts';
import { type Conditions, PICTURE_SIZE } from './conditions.ts';
import { type Canvas, fill, smooth, strokeOutline } from './drawing.ts';
import { restingShape } from './face-shape.ts';
import { drawFeatures } from './features.ts';
import { drawBackground, drawHead } from './head.ts';
import type { Identity } from './identity.ts';
import { blankCanvas, makePen } from './pen.ts';
import { moveByUnits } from './unit-motion.ts';

/** A picture of a face with the positions of its 68 points (iBUG order). */
export interface RenderedFace {
  /** Grey levels, [48][48]. */
  readonly pixels: Uint8Array;
  /** x0, y0, x1, …, pixels from the left and upper edges. */
  readonly landmarks: Float64Array;
}

/** Draws a person with an expression under the given conditions. */
export function renderFace(identity: Identity, activation: Activation, conditions: Conditions): RenderedFace {
  const canvas = blankCanvas();
  const pen = makePen(canvas, conditions.pose);
  const shape = moveByUnits(restingShape(identity), activation, conditions.asymmetry);
  drawBackground(canvas, conditions.background);
  drawHead(pen, shape, identity, conditions.background.clothing);
  drawFeatures(pen, shape, identity, activation);
  for (const { path, width, grey } of conditions.occluders) {
    fill(canvas, strokeOutline(smooth(path), width, width * 0.7), grey);
  }
  const landmarks = new Float64Array(shape.length);
  for (let i = 0; i < shape.length; i += 2) {
    const [x, y] = pen.toPicture(shape[i], shape[i + 1]);
    landmarks[i] = x;
    landmarks[i + 1] = y;
  }
  return { pixels: develop(canvas, conditions), landmarks };
}

/** Adds light, blur and noise, and rounds to 256 grey levels. */
function develop(canvas: Canvas, { light, blur, noise }: Conditions): Uint8Array {
  blurRows(canvas, blur, 1);
  blurRows(canvas, blur, canvas.size);
  const { size, values } = canvas;
  const pixels = new Uint8Array(size * size);
  const grain = noiseTile();
  const start = Math.floor(noise.offset * grain.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = row * size + column;
      const gradient = (light.x * (2 * column + 1 - size) + light.y * (2 * row + 1 - size)) / size;
      const grey = (values[at] * (1 + gradient) - 0.5) * light.contrast + 0.5 + light.exposure;
      const speck = noise.deviation * grain[(start + at) % grain.length];
      pixels[at] = Math.floor(Math.min(1, Math.max(0, grey + speck)) * 255 + 0.5);
    }
  }
  return pixels;
}

/** Mixes each pixel with its two neighbours `step` apart; at full strength this is a binomial filter. */
function blurRows({ size, values }: Canvas, strength: number, step: number): void {
  if (strength === 0) return;
  const across = size === step ? 1 : size;
  for (let line = 0; line < size; line++) {
    let before = values[line * across];
    for (let i = 0; i < size; i++) {
      const at = line * across + i * step;
      const here = values[at];
      const after = i + 1 < size ? values[at + step] : here;
      values[at] = here + (strength * (before + after - 2 * here)) / 4;
      before = here;
    }
  }
}

let tile: Float64Array | undefined;

/** Makes noise of mean 0 and deviation 1 at first use; each picture reads it from its own offset. */
function noiseTile(): Float64Array {
  if (tile) return tile;
  const random = randomStream('synthetic faces', 'noise');
  const deviation = 1 / Math.sqrt(3); // of the sum of four uniform numbers
  tile = Float64Array.from({ length: 8 * PICTURE_SIZE * PICTURE_SIZE + 7 }, () => {
    const sum = random.uniform() + random.uniform() + random.uniform() + random.uniform();
    return (sum - 2) / deviation;
  });
  return tile;
}
