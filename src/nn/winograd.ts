import type { LayerDescription } from '../network/describe.ts';
import type { Conv2dLayer, LayerSpec } from '../network/spec.ts';
import { LANES, type Layout, padToLanes, type Tensor } from './layout.ts';
import { batch, block, type Step, type Window } from './program.ts';

/** Products that give a tile of 4×4 outputs. */
export const PRODUCTS = 36;
/** Rows and columns of a tile of outputs. */
export const TILE_SIDE = 4;
/** Weights of a kernel of 3×3. */
export const TAPS = 9;

// As in kernels/winograd.c and winograd_gradient.c.
const TILES_TOGETHER = 2;
const GRADIENT_TILES = 2;

// Vector operations, fitted to the times of each kernel alone on three instruction sets.
/** What the two transforms of a tile take, for each of its channels. */
const TRANSFORM = 200;
/** The same for a weight gradient, which also turns the output's gradient so that its channels are the lanes. */
const GRADIENT_TRANSFORM = 300;
/** What a sum of the direct form takes to go from memory to a register and back, for each tap of a filter. */
const SUM_TRAFFIC = 4;
/** By this factor must the direct form take more operations, since the counts are rough. */
const MARGIN = 1.1;

/** The sizes of a convolution of 3×3 with stride 1. */
interface Shape {
  readonly inputs: number;
  readonly filters: number;
  readonly places: number;
  readonly tiles: number;
}

/**
 * Whether the convolution, and its input's gradient, take less time by minimal filtering: the same on every target. Counts vector
 * operations for a block of 16 samples.
 */
export function suitsWinograd(described: LayerDescription): boolean {
  const shape = shapeOf(described);
  if (shape === undefined) return false;
  const { inputs, filters, places, tiles } = shape;
  const direct = TAPS * inputs * filters * places;
  return MARGIN * tiles * (PRODUCTS * inputs * filters + TRANSFORM * (inputs + filters)) < direct;
}

/** Whether the weights' gradient does, whose lanes are output channels, so that some may be empty. */
export function gradientSuitsWinograd(described: LayerDescription): boolean {
  const shape = shapeOf(described);
  if (shape === undefined) return false;
  const { inputs, filters, places, tiles } = shape;
  const lanes = padToLanes(filters);
  const direct = TAPS * inputs * filters * (places + SUM_TRAFFIC);
  return MARGIN * tiles * (PRODUCTS * inputs * lanes + GRADIENT_TRANSFORM * (inputs + lanes)) < direct;
}

/** Words of transformed tiles that a layer's kernels need; 0 for layers of other kinds. */
function tileWordsOf(described: LayerDescription): number {
  const shape = shapeOf(described);
  if (shape === undefined) return 0;
  const { inputs, filters } = shape;
  const forward = Math.max(inputs, filters) * TILES_TOGETHER + 1;
  const gradient = (inputs + padToLanes(filters)) * GRADIENT_TILES + 2;
  return LANES * PRODUCTS * Math.max(forward, gradient);
}

function shapeOf({ layer, inputs, output }: LayerDescription): Shape | undefined {
  if (!isThreeByThree(layer)) return undefined;
  const { height, width } = output;
  const tiles = Math.ceil(height / TILE_SIDE) * Math.ceil(width / TILE_SIDE);
  return { inputs: inputs[0].channels, filters: layer.filters, places: height * width, tiles };
}

function isThreeByThree(layer: LayerSpec): layer is Conv2dLayer {
  return layer.kind === 'conv2d' && layer.kernel[0] === 3 && layer.kernel[1] === 3 && layer.stride === 1;
}

/** Offsets of a convolution's weights and bias; −1 for none. */
interface Learnt {
  readonly weights: number;
  readonly bias: number;
}

/** Builds the steps of convolutions in the form of Winograd; transforms weights once a step for all layers that share them. */
export class Winograd {
  /** Run these after each change of the weights, before other steps read the transformed weights. */
  readonly steps: Step[] = [];
  /** Words of transformed tiles that the largest step needs while it runs: those of one thread. */
  readonly tileWords: number;
  readonly #tiles: number;
  readonly #layout: Layout;
  readonly #known = new Map<string, number>();

  constructor(layers: readonly LayerDescription[], layout: Layout, threads: number) {
    this.#layout = layout;
    this.tileWords = Math.max(0, ...layers.map(tileWordsOf));
    this.#tiles = layout.reserve(threads * this.tileWords);
  }

  /** Builds the step of a convolution. @param from offset of its weights */
  convolution(input: Tensor, out: Tensor, from: Learnt, { pad_y, pad_x }: Window, relu: boolean): Step {
    const transformed = this.#transformed(from.weights, out.channels, input.channels, false);
    return block('winograd_conv2d', {
      in: input,
      out,
      transformed,
      bias: from.bias,
      pad_y,
      pad_x,
      relu,
      tiles: this.#tiles,
    });
  }

  /** Builds the step of its input's gradient: a convolution of the output's gradient, with turned weights. */
  inputGradient(dy: Tensor, dx: Tensor, weights: number, window: Window): Step {
    const transformed = this.#transformed(weights, dx.channels, dy.channels, true);
    const [pad_y, pad_x] = [window.height - 1 - window.pad_y, window.width - 1 - window.pad_x];
    return block('winograd_conv2d', {
      in: dy,
      out: dx,
      transformed,
      bias: -1,
      pad_y,
      pad_x,
      relu: false,
      tiles: this.#tiles,
    });
  }

  /** Builds the step of its weights' gradient, which adds to the sums of the products. */
  weightGradient(input: Tensor, dy: Tensor, sums: number, { pad_y, pad_x }: Window): Step {
    return block('winograd_weight_gradient', { in: input, dy, sums, pad_y, pad_x, tiles: this.#tiles });
  }

  /** Returns the offset of transformed weights, those of the input's gradient if `turned`. */
  #transformed(weights: number, filters: number, channels: number, turned: boolean): number {
    const key = `${weights} ${turned}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const transformed = this.#layout.reserve(PRODUCTS * filters * channels);
    this.steps.push(batch('winograd_weights', { weights, transformed, filters, channels, turned }));
    this.#known.set(key, transformed);
    return transformed;
  }
}
