import type { Tensor } from './layout.ts';

// Arguments that several steps share.
const WINDOW = ['height', 'width', 'stride', 'pad_y', 'pad_x'] as const;
const CONVOLUTION = ['in', 'out', 'weights', 'bias', ...WINDOW, 'relu'] as const;
const CONVOLUTION_ONE = [...CONVOLUTION, 'scales', 'inputs', 'filters'] as const;
const WEIGHT_GRADIENT = ['in', 'dy', 'lanes', ...WINDOW] as const;
const POOL = ['in', 'out', ...WINDOW] as const;
const NORMALIZE = ['in', 'out', 'statistics', 'gamma', 'beta', 'relu', 'mean', 'variance'] as const;
const NORMALIZE_GRADIENT = ['in', 'dy', 'dx', 'statistics', 'gamma', 'beta', 'relu'] as const;
const MOMENTS = ['first_moment', 'second_moment'] as const;
const UPDATE = ['weights', 'gradient', ...MOMENTS, 'count', 'settings', 'decay'] as const;

/**
 * The steps of a program, in the order of their numbers, with their arguments, in the order of their words. The kernels
 * declare the same: `STEPS` in kernels/program.h, and the struct that a step's function reads. A test compares them.
 */
export const STEPS = {
  end: [],
  each_block: ['words', 'first', 'stride'],
  crop: ['out', 'frames', 'samples', 'levels', 'size', 'x', 'y', 'mirror', 'zero', 'scale'],
  conv2d: CONVOLUTION,
  conv2d_input_gradient: ['dy', 'dx', 'weights', 'transposed', ...WINDOW],
  conv2d_weight_gradient: WEIGHT_GRADIENT,
  conv2d_transpose_weights: ['weights', 'transposed', 'filters', 'channels', 'height', 'width'],
  winograd_weights: ['weights', 'transformed', 'filters', 'channels', 'turned'],
  winograd_conv2d: ['in', 'out', 'transformed', 'bias', 'pad_y', 'pad_x', 'relu', 'tiles'],
  winograd_weight_gradient: ['in', 'dy', 'sums', 'pad_y', 'pad_x', 'tiles'],
  winograd_gradient_taps: ['sums', 'gradient', 'filters', 'channels', 'filter_words'],
  depthwise_conv2d: CONVOLUTION,
  depthwise_conv2d_input_gradient: ['dy', 'dx', 'weights', ...WINDOW],
  depthwise_conv2d_weight_gradient: WEIGHT_GRADIENT,
  bias_gradient: ['dy', 'lanes'],
  dense: ['in', 'out', 'weights', 'bias', 'relu', 'batch'],
  dense_input_gradient: ['dy', 'dx', 'weights', 'batch'],
  dense_weight_gradient: ['in', 'dy', 'gradient', 'bias_gradient', 'scratch', 'batch'],
  relu: ['in', 'out'],
  relu_gradient: ['out', 'dy', 'dx'],
  max_pool: POOL,
  max_pool_choice: ['in', 'out', 'choice', ...WINDOW, 'relu'],
  max_pool_gradient: ['choice', 'dy', 'dx', ...WINDOW],
  average_pool: POOL,
  average_pool_gradient: ['dy', 'dx', ...WINDOW],
  global_average_pool: ['in', 'out'],
  global_average_pool_gradient: ['dy', 'dx'],
  block_normalize: NORMALIZE,
  batch_statistics: ['in', 'statistics', 'first', 'end'],
  running_statistics: NORMALIZE,
  normalize: NORMALIZE,
  block_normalize_gradient: NORMALIZE_GRADIENT,
  batch_normalize_sums: [...NORMALIZE_GRADIENT, 'first', 'end'],
  batch_normalize_gradient: NORMALIZE_GRADIENT,
  dropout: ['in', 'out', 'threshold', 'keep_scale', 'seed', 'layer'],
  add: ['a', 'b', 'out', 'relu'],
  copy: ['in', 'out'],
  softmax: ['logits', 'probabilities'],
  cross_entropy: ['logits', 'targets', 'dx', 'loss', 'loss_scale', 'inverse_temperature'],
  fill_zero: ['offset', 'count'],
  reduce_lanes: ['lanes', 'gradient', 'count'],
  clip_gradient: ['gradient', 'count', 'limit'],
  adamw: UPDATE,
  sgd: UPDATE,
  peak: ['rounds', 'sink'],
  resize: ['in', 'out'],
  resize_gradient: ['dy', 'dx'],
  weight_penalty: ['weights', 'gradient', 'count', 'factor'],
  update_running: ['statistics', 'channels', 'mean', 'variance', 'updates', 'momentum'],
  normalize_parameters_gradient: ['statistics', 'channels', 'gamma_gradient', 'beta_gradient'],
  quantize: ['in', 'out', 'scale', 'zero'],
  spread_filters: ['weights', 'spread', 'filters', 'taps'],
  normalization_scales: ['scales', 'channels', 'gamma', 'beta', 'mean', 'variance'],
  crop_one: ['out', 'frame', 'levels', 'size', 'x', 'y', 'mirror', 'zero', 'scale'],
  conv2d_one: CONVOLUTION_ONE,
  depthwise_conv2d_one: CONVOLUTION_ONE,
  dense_one: ['in', 'out', 'weights', 'bias', 'relu', 'scales', 'inputs'],
  normalize_one: ['in', 'out', 'scales', 'relu'],
  concatenate_one: ['in', 'out', 'channels', 'first'],
  flatten_one: ['in', 'out', 'channels'],
  softmax_one: ['logits', 'probabilities', 'classes'],
} as const;

export type StepName = keyof typeof STEPS;

/** Arguments that are floats; the others are whole numbers, most of them offsets in the arena, −1 for none. */
export const FLOATS: readonly string[] = ['zero', 'scale', 'keep_scale', 'factor', 'momentum'];

type TensorField =
  | ('in' | 'out' | 'dy' | 'dx' | 'choice' | 'a' | 'b')
  | ('statistics' | 'logits' | 'probabilities' | 'targets' | 'loss');
type FlagField = 'relu' | 'mirror' | 'decay' | 'turned' | 'batch';
type Value<Field> = Field extends TensorField ? Tensor : Field extends FlagField ? boolean : number;

/** The arguments of a step by name. */
export type Arguments<Name extends StepName> = {
  readonly [Field in (typeof STEPS)[Name][number]]: Value<Field>;
};

/** The window of a convolution or a pooling: its sides, stride and the rows and columns of padding before the input. */
export type Window = Readonly<Record<(typeof WINDOW)[number], number>>;

/** One call of a kernel. Steps of scope 'block' process one block of samples, those of scope 'batch' all blocks. */
export interface Step {
  readonly scope: 'block' | 'batch';
  readonly name: StepName;
  readonly values: Readonly<Record<string, Tensor | boolean | number>>;
}

/** Makes a step of scope 'block'. */
export function block<Name extends StepName>(name: Name, values: Arguments<Name>): Step {
  return { scope: 'block', name, values };
}

/** Makes a step of scope 'batch'. */
export function batch<Name extends StepName>(name: Name, values: Arguments<Name>): Step {
  return { scope: 'batch', name, values };
}

/** Makes a step for a block or for the whole batch; its argument `batch` says which. */
export function blockOrBatch<Name extends StepName>(
  name: Name,
  batch: boolean,
  values: Omit<Arguments<Name>, 'batch'>,
): Step {
  return { scope: batch ? 'batch' : 'block', name, values: { ...values, batch } };
}

/** The blocks that the steps of scope 'block' process. */
export interface BlockShare {
  readonly first: number;
  /** Distance from one block to the next. */
  readonly stride: number;
}

export const ALL_BLOCKS: BlockShare = { first: 0, stride: 1 };

/** Steps that run together: one of scope 'batch', or neighbours of scope 'block', which run block by block. */
export function runsOf(steps: readonly Step[]): Step[][] {
  const runs: Step[][] = [];
  for (const step of steps) {
    const last = runs.at(-1);
    if (step.scope === 'block' && last?.[0].scope === 'block') last.push(step);
    else runs.push([step]);
  }
  return runs;
}

/**
 * Encodes steps as the words of a program. Neighbouring steps of scope 'block' run together, block by block, so that a
 * block stays in the cache.
 */
export function encodeProgram(steps: readonly Step[], share: BlockShare = ALL_BLOCKS): Int32Array {
  const words: number[] = [];
  for (const run of runsOf(steps)) {
    const body = run.flatMap(encodeStep);
    if (run[0].scope === 'block') {
      words.push(...encodeStep(block('each_block', { words: body.length, ...share })));
    }
    words.push(...body);
  }
  words.push(...encodeStep(batch('end', {})));
  return Int32Array.from(words);
}

const NUMBERS: ReadonlyMap<string, number> = new Map(
  Object.keys(STEPS).map((name, number) => [name, number]),
);

function encodeStep({ name, values }: Step): number[] {
  const words = STEPS[name].map((field) => encodeValue(field, values[field]));
  return [NUMBERS.get(name) as number, words.length, ...words];
}

function encodeValue(field: string, value: Tensor | boolean | number): number {
  if (typeof value === 'object') return value.id;
  return FLOATS.includes(field) ? floatBits(value as number) : Number(value);
}

function floatBits(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0];
}
