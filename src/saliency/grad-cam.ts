import { EvopatchError } from '../core/errors.ts';
import { inputNames, type LayerDescription, windowPositions } from '../network/describe.ts';
import { addCrop } from '../network/read-pixels.ts';
import type { CropLayer } from '../network/spec.ts';
import type { LayerValues } from '../nn/gradient-session.ts';

/** Locates the cells of a map along one axis of a crop: the centre of the first and the distance between two, pixels. */
interface Axis {
  readonly origin: number;
  readonly step: number;
}

/** Says where the cells of a layer's output lie on a crop that the layer sees. */
export interface SeenCrop {
  readonly crop: CropLayer;
  readonly rows: Axis;
  readonly columns: Axis;
}

/**
 * Finds the crops that a layer sees and locates its cells on them, at the centres of their receptive fields.
 *
 * @throws EvopatchError `INVALID_OPTION` if the layer or one before it loses positions, as a dense layer does.
 */
export function seenCrops(layers: ReadonlyMap<string, LayerDescription>, name: string): readonly SeenCrop[] {
  const { layer, inputs, output } = layers.get(name) as LayerDescription;
  if (layer.kind === 'crop') {
    return [{ crop: layer, rows: { origin: 0, step: 1 }, columns: { origin: 0, step: 1 } }];
  }
  if (layer.kind === 'dense' || layer.kind === 'flatten' || layer.kind === 'global-average-pool') {
    const hint = 'Name a convolution, or a layer that directly follows one';
    throw new EvopatchError('INVALID_OPTION', 'the output of this layer has no positions on the face', {
      layer: name,
      hint,
    });
  }
  const found = new Map<string, SeenCrop>();
  for (const input of inputNames(layer)) {
    for (const seen of seenCrops(layers, input))
      if (!found.has(seen.crop.name)) found.set(seen.crop.name, seen);
  }
  const through = (rows: Axis, columns: Axis) =>
    [...found.values()].map((seen) => ({
      crop: seen.crop,
      rows: compose(seen.rows, rows),
      columns: compose(seen.columns, columns),
    }));
  const [input] = inputs;
  switch (layer.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'max-pool':
    case 'average-pool': {
      const [height, width] = 'kernel' in layer ? layer.kernel : layer.size;
      const axis = (side: number, window: number): Axis => {
        const { before } = windowPositions(side, window, layer.stride, layer.padding);
        return { origin: (window - 1) / 2 - before, step: layer.stride };
      };
      return through(axis(input.height, height), axis(input.width, width));
    }
    case 'resize': {
      const axis = (from: number, to: number): Axis => ({ origin: (from / to - 1) / 2, step: from / to });
      return through(axis(input.height, output.height), axis(input.width, output.width));
    }
    default:
      return [...found.values()];
  }
}

/** Brings an axis that counts in cells of `outer` to the pixels of `outer`. */
function compose(outer: Axis, inner: Axis): Axis {
  return { origin: outer.origin + inner.origin * outer.step, step: inner.step * outer.step };
}

/**
 * Computes the class activation map of one sample, [height][width]: ReLU(Σ αₖ Aᵏ), where αₖ is the mean over positions
 * of the gradient of channel k (Selvaraju et al. 2017, equations 1 and 2).
 */
export function activationMap(
  activations: LayerValues,
  gradients: LayerValues,
  sample: number,
): Float64Array {
  const { channels, height, width } = activations;
  const positions = height * width;
  const map = new Float64Array(positions);
  for (let channel = 0; channel < channels; channel++) {
    const first = (sample * channels + channel) * positions;
    let sum = 0;
    for (let position = 0; position < positions; position++) sum += gradients.values[first + position];
    for (let position = 0; position < positions; position++) {
      map[position] += (sum / positions) * activations.values[first + position];
    }
  }
  return map.map((value) => Math.max(value, 0));
}

/**
 * Draws a map, [height][width], on the pixels of the crops that it sees: bilinear between cells, with repeated borders.
 * Each pixel takes the maximum of its own and the new value; sums would make pixels stand out because two branches read
 * them.
 */
export function showActivationMap(
  map: Float64Array,
  width: number,
  seen: readonly SeenCrop[],
  frame: Float64Array,
  frameSize: number,
): void {
  for (const { crop, rows, columns } of seen) {
    const down = Array.from({ length: crop.height }, (_, y) => cellAt(y, rows, map.length / width));
    const right = Array.from({ length: crop.width }, (_, x) => cellAt(x, columns, width));
    const values = new Float64Array(crop.width * crop.height);
    for (const [y, row] of down.entries()) {
      for (const [x, column] of right.entries()) {
        const at = (cell: number) => {
          const left = map[cell * width + column.first];
          return left + (map[cell * width + column.second] - left) * column.share;
        };
        values[y * crop.width + x] = at(row.first) + (at(row.second) - at(row.first)) * row.share;
      }
    }
    const own = new Float64Array(frame.length);
    addCrop(crop, values, own, frameSize);
    for (const [pixel, value] of own.entries()) frame[pixel] = Math.max(frame[pixel], value);
  }
}

/** Finds the two cells around a pixel, and its share of the distance from the first to the second. */
function cellAt(pixel: number, { origin, step }: Axis, cells: number) {
  const position = Math.min(Math.max((pixel - origin) / step, 0), cells - 1);
  const first = Math.floor(position);
  return { first, second: Math.min(first + 1, cells - 1), share: position - first };
}
