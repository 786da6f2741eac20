import type { CropLayer } from '../../network/spec.ts';
import { LEVELS } from '../forward-steps.ts';
import { frameStatistics, type Samples } from '../samples.ts';
import { encodeView, ONE, UNCHANGED, type View } from '../view.ts';

/** Reads one crop of the samples' views as kernels/crop.c does, [sample][height][width]. */
export function cropViews(
  { x: left, y: top, width, height, mirror, levels }: CropLayer,
  samples: Samples,
  indices: Uint32Array,
  views: readonly View[],
): Float32Array {
  const { frames, frameSize: size } = samples;
  const statistics = frameStatistics(samples);
  const result = new Float32Array(indices.length * height * width);
  let to = 0;
  for (const [i, sample] of indices.entries()) {
    const [shiftX, shiftY, flip, cosine, sine] = encodeView(views[i] ?? UNCHANGED);
    const frame = frames.subarray(sample * size * size, (sample + 1) * size * size);
    const fixed = levels && LEVELS[levels];
    const [zero, scale] = fixed
      ? [fixed.zero, fixed.scale]
      : [statistics[2 * sample], statistics[2 * sample + 1]];
    const isUpright = cosine === ONE && sine === 0;
    for (let row = 0; row < height; row++) {
      const y = top + row + shiftY;
      for (let column = 0; column < width; column++) {
        const own = left + shiftX + (mirror ? width - 1 - column : column);
        const x = flip ? size - 1 - own : own;
        const grey = isUpright
          ? frame[clamp(y, size) * size + clamp(x, size)]
          : betweenPixels(frame, size, [cosine, sine], x, y);
        result[to++] = (grey - zero) * scale;
      }
    }
  }
  return result;
}

/** Bilinear interpolation in integers, as in the kernel. */
function betweenPixels(
  frame: Uint8Array,
  size: number,
  [cosine, sine]: readonly [number, number],
  x: number,
  y: number,
): number {
  const [fromX, fromY, middle] = [2 * x - (size - 1), 2 * y - (size - 1), (size - 1) * ONE];
  const atX = cosine * fromX + sine * fromY + middle;
  const atY = cosine * fromY - sine * fromX + middle;
  const [right, down] = [(atX >> 9) & 255, (atY >> 9) & 255];
  const [first, second] = [clamp(atX >> 17, size), clamp((atX >> 17) + 1, size)];
  const [upper, lower] = [clamp(atY >> 17, size) * size, clamp((atY >> 17) + 1, size) * size];
  const above = frame[upper + first] * (256 - right) + frame[upper + second] * right;
  const below = frame[lower + first] * (256 - right) + frame[lower + second] * right;
  return (above * (256 - down) + below * down) / ONE;
}

function clamp(value: number, size: number): number {
  return Math.min(Math.max(value, 0), size - 1);
}
