import type { Shape } from '../network/describe.ts';
import { resampling } from '../network/resampling.ts';
import type { CropLayer, ResizeLayer } from '../network/spec.ts';
import { LEVELS } from '../nn/forward-steps.ts';
import type { NamedTensor } from '../nn/safetensors.ts';
import type { TfjsOutput } from './artifacts.ts';
import type { LayerList } from './layer-list.ts';

/** So small beside any variance that counts that it only keeps a uniform frame from a division by zero. */
const EPSILON = 1e-12;

/** Adds what turns the model's input, grey levels from 0 to 255 ([N][size][size][1]), into what crops read. */
export class FrameLayers {
  readonly #list: LayerList;
  readonly #size: number;
  readonly input: TfjsOutput;
  /** The scaled frames by their levels, made when first read. */
  readonly #scaled = new Map<CropLayer['levels'], TfjsOutput>();

  constructor(list: LayerList, name: string, size: number) {
    this.#list = list;
    this.#size = size;
    this.input = list.add('InputLayer', name, [], {
      batch_input_shape: [null, size, size, 1],
      dtype: 'float32',
      sparse: false,
    });
  }

  /** Adds a crop, [N][height][width][1]. */
  crop({ x, y, width, height, mirror, levels }: CropLayer, name: string): TfjsOutput {
    const rest = this.#size;
    const cropping = [
      [y, rest - y - height],
      [x, rest - x - width],
    ];
    const upright = mirror ? `${name}/upright` : name;
    const cropped = this.#list.add('Cropping2D', upright, [this.#frames(levels)], { cropping });
    if (!mirror) return cropped;
    return mixColumns(this.#list, name, cropped, reversal(width));
  }

  #frames(levels: CropLayer['levels']): TfjsOutput {
    const known = this.#scaled.get(levels);
    if (known !== undefined) return known;
    const scaled = levels === undefined ? this.#normalized() : this.#fixed(levels);
    this.#scaled.set(levels, scaled);
    return scaled;
  }

  #fixed(levels: keyof typeof LEVELS): TfjsOutput {
    const { zero, scale } = LEVELS[levels];
    if (levels === 'raw') return this.input;
    return point(this.#list, `frames/${levels}`, this.input, [[scale]], { bias: -zero * scale });
  }

  /**
   * c / max(σ², 1)^½ with c = x − mean, both statistics of the whole frame. Of c and c / σ it is the one nearer to 0, and no layer
   * divides but those that normalise: so two channels hold the positive and the negative part of each, and their minima are
   * subtracted.
   */
  #normalized(): TfjsOutput {
    const list = this.#list;
    const mean = this.#mean('frames', this.input);
    const negative = point(list, 'frames/minus-mean', mean, [[-1]]);
    const centred = list.add('Add', 'frames/centred', [this.input, negative]);
    const bySign = [centred, this.#ofUnitVariance()].map((output) => {
      return point(list, `${output[0]}-by-sign`, output, [[1, -1]], { activation: 'relu' });
    });
    const nearer = list.add('Minimum', 'frames/nearer', bySign);
    return point(list, 'frames/normalized', nearer, [[1], [-1]]);
  }

  /**
   * c / σ. A runtime may add up the 4,096 numbers of a frame one after another: that is exact for whole levels, but loses digits of
   * their squares. So a step of Newton's method follows: where the mean square W of the result should be 1, it multiplies by
   * 3/2 − W / 2, which is W^-½ up to (W − 1)².
   */
  #ofUnitVariance(): TfjsOutput {
    const list = this.#list;
    const rough = list.add('LayerNormalization', 'frames/rough', [this.input], {
      axis: [1, 2, 3],
      epsilon: EPSILON,
      center: false,
      scale: false,
    });
    const square = list.add('Multiply', 'frames/square', [rough, rough]);
    const factor = point(list, 'frames/factor', this.#mean('frames/square', square), [[-0.5]], { bias: 1.5 });
    return list.add('Multiply', 'frames/unit', [rough, factor]);
  }

  /** The mean of a frame as that of the means of its rows. */
  #mean(name: string, input: TfjsOutput): TfjsOutput {
    const average = (what: string, from: TfjsOutput, size: readonly [number, number]) =>
      this.#list.add('AveragePooling2D', `${name}/${what}`, [from], { pool_size: size, strides: size });
    return average('mean', average('means-of-rows', input, [1, this.#size]), [this.#size, 1]);
  }
}

/** Adds a convolution of 1×1 with constants. @param weights [channel][filter] */
function point(
  list: LayerList,
  name: string,
  input: TfjsOutput,
  weights: readonly (readonly number[])[],
  { bias, activation }: { readonly bias?: number; readonly activation?: string } = {},
): TfjsOutput {
  const filters = weights[0].length;
  const kernel = { shape: [1, 1, weights.length, filters], values: Float32Array.from(weights.flat()) };
  const biases = bias === undefined ? undefined : { shape: [1], values: Float32Array.of(bias) };
  const config = { filters, kernel_size: [1, 1], ...(activation && { activation }) };
  return list.addConstant('Conv2D', name, input, config, kernel, biases);
}

/** Adds a bilinear resampling of maps, which is linear in the rows and in the columns. */
export function addResize(
  list: LayerList,
  name: string,
  input: TfjsOutput,
  from: Shape,
  { width, height }: ResizeLayer,
): TfjsOutput {
  const columns = mixColumns(list, `${name}/columns`, input, resampled(from.width, width));
  const turned = list.add('Permute', `${name}/turned`, [columns], { dims: [2, 1, 3] });
  const rows = mixColumns(list, `${name}/rows`, turned, resampled(from.height, height));
  return list.add('Permute', name, [rows], { dims: [2, 1, 3] });
}

/** Makes new columns of maps from weighted sums of the old ones. @param weights [old][new] */
function mixColumns(list: LayerList, name: string, input: TfjsOutput, weights: NamedTensor): TfjsOutput {
  const lines = list.add('Permute', `${name}/lines`, [input], { dims: [1, 3, 2] });
  const units = weights.shape[1];
  const mixed = list.addConstant('Dense', `${name}/mixed`, lines, { units }, weights);
  return list.add('Permute', name, [mixed], { dims: [1, 3, 2] });
}

function reversal(side: number): NamedTensor {
  const values = new Float32Array(side * side);
  for (let i = 0; i < side; i++) values[i * side + (side - 1 - i)] = 1;
  return { shape: [side, side], values };
}

function resampled(from: number, to: number): NamedTensor {
  return { shape: [from, to], values: resampling(from, to) };
}
