import { sizeOf } from '../../network/describe.ts';
import { LANES, type Tensor } from '../../nn/layout.ts';
import type { Arguments, Step, StepName, Window } from '../../nn/program.ts';
import { PRODUCTS, TAPS, TILE_SIDE } from '../../nn/winograd.ts';

/** What one call of a kernel cannot do without, however it is written. */
export interface KernelWork {
  /**
   * Floating-point operations. A multiply-add is two; a comparison, a division, a root and an exponential are one. Taps on padding
   * and integers do not count.
   */
  readonly flop: number;
  /** Compulsory traffic: every number that the kernel reads or writes, once, without the zeros around maps. */
  readonly bytes: number;
}

/** @param blocks those that one call processes */
type WorkOf<Name extends StepName> = (values: Arguments<Name>, blocks: number) => KernelWork;

/** The work of any step; it is only ever called with the arguments of the step whose name it has. */
type AnyWork = (values: never, blocks: number) => KernelWork;

const FLOAT_BYTES = 4;

/**
 * Counts the work of one call of a step's kernel: one block of 16 samples, or the batch.
 *
 * @param blocks blocks of the batch
 * @throws RangeError for a step that training does not have
 */
export function workOf({ name, values, scope }: Step, blocks: number): KernelWork {
  const work: AnyWork | undefined = WORK[name];
  if (work === undefined) throw new RangeError(`nobody has counted the work of '${name}'`);
  const processed = scope === 'batch' ? blocks : 1;
  const { flop, bytes } = work(values as never, processed);
  const times = OF_ALL_BLOCKS.has(name) ? processed : 1;
  return { flop: times * flop, bytes: times * bytes };
}

/** Steps of the batch whose work is that of a block, for each block. */
const OF_ALL_BLOCKS: ReadonlySet<StepName> = new Set(['batch_statistics', 'batch_normalize_sums']);

/** Numbers of a block of a tensor. */
const numbers = (tensor: Tensor) => LANES * sizeOf(tensor);

/** Makes a kernel's work from its operations and the numbers of floats that it reads or writes. */
const work = (flop: number, ...floats: number[]): KernelWork => ({
  flop,
  bytes: FLOAT_BYTES * floats.reduce((sum, count) => sum + count, 0),
});

/** Work that takes `flop` operations a number of `per`, and reads or writes some tensors. */
const each = (flop: number, per: Tensor, ...tensors: Tensor[]) =>
  work(flop * numbers(per), ...tensors.map(numbers));

/** Pairs of a window's place and a tap in it that lies on the input. */
function taps(input: Tensor, { height, width, stride, pad_y, pad_x }: Window, places: Tensor): number {
  const along = (side: number, window: number, before: number, count: number) => {
    let pairs = 0;
    for (let place = 0; place < count; place++) {
      const first = place * stride - before;
      pairs += Math.min(first + window, side) - Math.max(first, 0);
    }
    return pairs;
  };
  return along(input.height, height, pad_y, places.height) * along(input.width, width, pad_x, places.width);
}

/** The multiply-adds of a convolution, of its input gradient and of its weight gradient, which are as many. */
function convolution(input: Tensor, output: Tensor, window: Window, weights: number, ...floats: number[]) {
  const flop = 2 * LANES * output.channels * input.channels * taps(input, window, output);
  return work(flop, ...floats, weights);
}

/** The products of the tiles, and the operations of both transforms: 228 for each input and some for each output of a tile. */
function winograd(input: Tensor, output: Tensor, transform: number, ...floats: number[]) {
  const tiles = Math.ceil(output.height / TILE_SIDE) * Math.ceil(output.width / TILE_SIDE);
  const products = 2 * PRODUCTS * output.channels * input.channels;
  const transforms = 228 * input.channels + transform * output.channels;
  return work(LANES * tiles * (products + transforms), ...floats);
}

function depthwise(input: Tensor, output: Tensor, window: Window, ...floats: number[]) {
  return work(2 * LANES * output.channels * taps(input, window, output), ...floats);
}

const filterOf = ({ height, width }: Window) => height * width;

/** A weight gradient is added to a sum for each lane, which the kernel reads and writes. */
const laneSums = (weights: number) => 2 * LANES * weights;

/** A pooling: an operation for each tap on the input. */
function pooling(input: Tensor, output: Tensor, window: Window, ...tensors: Tensor[]) {
  const flop = LANES * output.channels * taps(input, window, output);
  return work(flop, ...tensors.map(numbers));
}

const bias = (offset: number, count: number) => (offset < 0 ? 0 : count);

const WORK: { readonly [Name in StepName]?: WorkOf<Name> } = {
  // Reads a byte for each position; subtracts the mean and multiplies.
  crop: ({ out }) => ({ flop: 2 * numbers(out), bytes: (1 + FLOAT_BYTES) * numbers(out) }),
  // Three interpolations, each a subtraction and a multiply-add. A smaller picture leaves pixels out.
  resize: ({ in: x, out }) => work(9 * numbers(out), Math.min(numbers(x), 4 * numbers(out)), numbers(out)),
  resize_gradient: ({ dy, dx }) => work(12 * numbers(dy), numbers(dy), numbers(dx)),

  conv2d({ in: x, out, bias: at, ...window }) {
    const weights = out.channels * x.channels * filterOf(window);
    return convolution(x, out, window, weights, numbers(x), numbers(out), bias(at, out.channels));
  },
  conv2d_input_gradient({ dy, dx, ...window }) {
    const weights = dy.channels * dx.channels * filterOf(window);
    return convolution(dx, dy, window, weights, numbers(dy), numbers(dx));
  },
  conv2d_weight_gradient({ in: x, dy, ...window }) {
    const weights = dy.channels * x.channels * filterOf(window);
    return convolution(x, dy, window, laneSums(weights), numbers(x), numbers(dy));
  },
  conv2d_transpose_weights: ({ filters, channels, height, width }) =>
    work(0, 2 * filters * channels * height * width),
  winograd_weights: ({ filters, channels }) => work(0, (TAPS + PRODUCTS) * filters * channels),
  winograd_conv2d({ in: x, out, bias: at }) {
    const weights = PRODUCTS * out.channels * x.channels + bias(at, out.channels);
    return winograd(x, out, 146, numbers(x), numbers(out), weights);
  },
  winograd_weight_gradient: ({ in: x, dy }) =>
    winograd(x, dy, 110, numbers(x), numbers(dy), 2 * PRODUCTS * dy.channels * x.channels),
  winograd_gradient_taps: ({ filters, channels }) =>
    work(135 * filters * channels, (PRODUCTS + TAPS) * filters * channels),
  depthwise_conv2d({ in: x, out, bias: at, ...window }) {
    const weights = out.channels * filterOf(window) + bias(at, out.channels);
    return depthwise(x, out, window, numbers(x), numbers(out), weights);
  },
  depthwise_conv2d_input_gradient: ({ dy, dx, ...window }) =>
    depthwise(dx, dy, window, numbers(dy), numbers(dx), dy.channels * filterOf(window)),
  depthwise_conv2d_weight_gradient: ({ in: x, dy, ...window }) =>
    depthwise(x, dy, window, numbers(x), numbers(dy), laneSums(dy.channels * filterOf(window))),
  bias_gradient: ({ dy }) => work(numbers(dy), numbers(dy), laneSums(dy.channels)),

  dense: ({ in: x, out, bias: at }, blocks) => dense(x, out, blocks, bias(at, out.channels)),
  dense_input_gradient: ({ dy, dx }, blocks) => dense(dx, dy, blocks),
  dense_weight_gradient({ in: x, dy, bias_gradient }, blocks) {
    // The gradient is a sum over blocks, so the kernel reads it too.
    const units = bias(bias_gradient, dy.channels);
    const { flop, bytes } = dense(x, dy, blocks, x.channels * dy.channels, 2 * units);
    return { flop: flop + blocks * LANES * units, bytes };
  },

  relu: ({ in: x, out }) => each(1, out, x, out),
  relu_gradient: ({ out, dy, dx }) => each(1, dx, out, dy, dx),
  add: ({ a, b, out }) => each(1, out, a, b, out),
  copy: ({ in: x, out }) => work(0, numbers(x), numbers(out)),
  dropout: ({ in: x, out }) => each(1, out, x, out),
  quantize: ({ in: x, out }) => each(6, out, x, out),

  max_pool: ({ in: x, out, ...window }) => pooling(x, out, window, x, out),
  max_pool_choice: ({ in: x, out, choice, ...window }) => pooling(x, out, window, x, out, choice),
  max_pool_gradient: ({ choice, dy, dx, ...window }) => pooling(dx, dy, window, choice, dy, dx),
  average_pool: ({ in: x, out, ...window }) => pooling(x, out, window, x, out),
  average_pool_gradient: ({ dy, dx, ...window }) => pooling(dx, dy, window, dy, dx),
  global_average_pool: ({ in: x, out }) => each(1, x, x, out),
  global_average_pool_gradient: ({ dy, dx }) => each(1, dy, dy, dx),

  // Mean: an addition; variance: subtraction, square, addition; then a multiply-add.
  block_normalize: ({ in: x, out }) => normalization(6, x, [x, out], 5),
  batch_statistics: ({ in: x }) => each(4, x, x),
  normalize: ({ in: x, out }) => normalization(2, x, [x, out], 4),
  // Two sums: an addition, a subtraction and a multiply-add; the gradient: a subtraction and two multiply-adds.
  block_normalize_gradient: ({ in: x, dy, dx }) => normalization(9, x, [x, dy, dx], 6),
  batch_normalize_sums: ({ in: x, dy }) => each(4, x, x, dy),
  batch_normalize_gradient: ({ in: x, dy, dx }) => normalization(5, x, [x, dy, dx], 6),
  update_running: ({ channels }) => work(6 * channels, 6 * channels),
  normalize_parameters_gradient: ({ channels }) => work(3 * channels, 7 * channels),

  // Of each class: maximum, difference, scale, exponential, sum and quotient; then nine for the loss and the gradient.
  cross_entropy: ({ logits, targets, dx, loss }) => each(15, logits, logits, targets, dx, loss),

  fill_zero: ({ count }) => work(0, count),
  reduce_lanes: ({ count }) => work((LANES - 1) * count, LANES * count, count),
  weight_penalty: ({ count }) => work(2 * count, 3 * count),
  clip_gradient: ({ count }) => work(2 * count, count),
  adamw: ({ count }) => work(15 * count, 7 * count),
  sgd: ({ count }) => work(7 * count, 5 * count),
};

function dense(input: Tensor, output: Tensor, blocks: number, ...floats: number[]) {
  const weights = input.channels * output.channels;
  const samples = blocks * LANES;
  return work(2 * samples * weights, samples * (input.channels + output.channels), weights, ...floats);
}

/** A normalisation of a block, which also reads or writes some numbers of each channel. */
function normalization(flop: number, x: Tensor, tensors: readonly Tensor[], perChannel: number) {
  return work(flop * numbers(x), ...tensors.map(numbers), perChannel * x.channels);
}
