import type { LayerSpec } from '../network/spec.ts';
import type { NamedTensor } from '../nn/safetensors.ts';

/** The kinds of layers that have arrays. */
export type LearntKind = Extract<
  LayerSpec['kind'],
  'conv2d' | 'depthwise-conv2d' | 'dense' | 'batch-normalization'
>;

/** Names of a layer's arrays in TensorFlow.js by ours; it does not keep the number of `updates`. */
export const TFJS_ROLES: Readonly<Record<LearntKind, Readonly<Record<string, string>>>> = {
  conv2d: { weights: 'kernel', bias: 'bias' },
  'depthwise-conv2d': { weights: 'depthwise_kernel', bias: 'bias' },
  dense: { weights: 'kernel', bias: 'bias' },
  'batch-normalization': { gamma: 'gamma', beta: 'beta', mean: 'moving_mean', variance: 'moving_variance' },
};

/** Returns an array of a layer in the axes of TensorFlow.js: [height][width][channels][filters]. */
export function toTfjs(kind: LearntKind, { shape, values }: NamedTensor): NamedTensor {
  if (shape.length === 4) return transposed({ shape, values }, [2, 3, 1, 0]);
  if (kind !== 'depthwise-conv2d' || shape.length !== 3) return { shape, values };
  return transposed({ shape: [...shape, 1], values }, [1, 2, 0, 3]);
}

/** The inverse of `toTfjs`. */
export function fromTfjs(kind: LearntKind, tensor: NamedTensor): NamedTensor {
  if (tensor.shape.length !== 4) return tensor;
  if (kind !== 'depthwise-conv2d') return transposed(tensor, [3, 2, 0, 1]);
  const { shape, values } = transposed(tensor, [2, 3, 0, 1]);
  const [channels, multiplier, ...kernel] = shape;
  return { shape: [channels * multiplier, ...kernel], values };
}

/** Orders the axes of a tensor anew. @param axes for each new axis the old one */
export function transposed({ shape, values }: NamedTensor, axes: readonly number[]): NamedTensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const [sides, steps] = [axes.map((axis) => shape[axis]), axes.map((axis) => strides[axis])];
  const result = new Float32Array(values.length);
  const position = sides.map(() => 0);
  for (let to = 0, from = 0; to < result.length; to++) {
    result[to] = values[from];
    for (let axis = sides.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++position[axis] < sides[axis]) break;
      from -= steps[axis] * sides[axis];
      position[axis] = 0;
    }
  }
  return { shape: sides, values: result };
}
