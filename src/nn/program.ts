/** The steps of a program, in the order of their numbers; kernels/program.h holds the same list. */
export const STEPS = [
  'end',
  'each_block',
  'crop',
  'conv2d',
  'conv2d_input_gradient',
  'conv2d_weight_gradient',
  'conv2d_transpose_weights',
  'depthwise_conv2d',
  'depthwise_conv2d_input_gradient',
  'depthwise_conv2d_weight_gradient',
  'bias_gradient',
  'dense',
  'dense_input_gradient',
  'dense_weight_gradient',
  'relu',
  'relu_gradient',
  'max_pool',
  'max_pool_gradient',
  'average_pool',
  'average_pool_gradient',
  'global_average_pool',
  'global_average_pool_gradient',
  'block_normalize',
  'batch_statistics',
  'running_statistics',
  'normalize',
  'block_normalize_gradient',
  'batch_normalize_sums',
  'batch_normalize_gradient',
  'dropout',
  'add',
  'copy',
  'softmax',
  'cross_entropy',
  'fill_zero',
  'reduce_lanes',
  'clip_gradient',
  'adamw',
  'sgd',
  'peak',
  'resize',
  'resize_gradient',
  'weight_penalty',
  'update_running',
  'normalize_parameters_gradient',
] as const;

export type StepName = (typeof STEPS)[number];

/** One call of a kernel. Steps of scope 'block' see one block of 16 samples, those of scope 'batch' all of them. */
export interface Step {
  readonly scope: 'block' | 'batch';
  readonly name: StepName;
  readonly words: readonly number[];
}

/** Which blocks the steps of scope 'block' see. */
export interface BlockShare {
  readonly first: number;
  /** From one block to the next. */
  readonly stride: number;
}

export const ALL_BLOCKS: BlockShare = { first: 0, stride: 1 };

/**
 * Writes steps as the words of a program. Neighbouring steps of scope 'block' run through together, block by block,
 * so that a block stays in the cache.
 */
export function encodeProgram(
  steps: readonly Step[],
  { first, stride }: BlockShare = ALL_BLOCKS,
): Int32Array<ArrayBuffer> {
  const words: number[] = [];
  for (let i = 0; i < steps.length; ) {
    if (steps[i].scope === 'batch') {
      words.push(...encodeStep(steps[i++]));
      continue;
    }
    const body: number[] = [];
    while (i < steps.length && steps[i].scope === 'block') body.push(...encodeStep(steps[i++]));
    words.push(STEPS.indexOf('each_block'), 3, body.length, first, stride, ...body);
  }
  words.push(STEPS.indexOf('end'), 0);
  return Int32Array.from(words);
}

function encodeStep(step: Step): number[] {
  return [STEPS.indexOf(step.name), step.words.length, ...step.words];
}

/** The bits of a float, as kernels read constants among the words of a step. */
export function floatBits(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0];
}
