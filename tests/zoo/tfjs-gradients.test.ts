import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { largestDifference } from '../nn/harness.ts';
import { useWasm } from './tfjs-gradients.ts';

beforeAll(useWasm);

type Layer = (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor4D;

const wave = (shape: [number, number, number, number], speed: number) =>
  tf.range(0, tf.util.sizeFromShape(shape)).mul(speed).sin().reshape(shape) as tf.Tensor4D;

/** Gradients of input and filter on a backend, for an output gradient that differs everywhere. */
async function gradients(backend: string, layer: Layer, filter: [number, number, number, number]) {
  await tf.setBackend(backend);
  const loss = (x: tf.Tensor4D, kernel: tf.Tensor4D) => {
    const y = layer(x, kernel);
    return y.mul(wave(y.shape, 1.3)).sum() as tf.Scalar;
  };
  const [x, kernel] = [wave([3, 9, 8, 2], 0.7), wave(filter, 2.1)];
  const { grads } = tf.valueAndGrads(loss as (...args: tf.Tensor[]) => tf.Scalar)([x, kernel]);
  return grads.map((gradient) => gradient.dataSync());
}

it.each<[string, Layer, [number, number, number, number]]>([
  ['a convolution', (x, f) => tf.conv2d(x, f, 1, 'same'), [3, 3, 2, 4]],
  ['an even kernel and a stride', (x, f) => tf.conv2d(x, f, 2, 'same'), [4, 8, 2, 3]],
  ['valid positions and a stride', (x, f) => tf.conv2d(x, f, 2, 'valid'), [3, 2, 2, 3]],
  ['a larger stride than kernel', (x, f) => tf.conv2d(x, f, 4, 'same'), [1, 3, 2, 3]],
  ['a depthwise convolution', (x, f) => tf.depthwiseConv2d(x, f, 1, 'same'), [3, 3, 2, 1]],
  ['max-pools that overlap', (x, f) => tf.maxPool(tf.conv2d(x, f, 1, 'same'), 3, 2, 'same'), [1, 1, 2, 3]],
  ['max-pools', (x, f) => tf.maxPool(tf.conv2d(x, f, 1, 'same'), 2, 2, 'same'), [1, 1, 2, 3]],
])('the gradients of %s on WebAssembly are those of the CPU backend', async (_, layer, filter) => {
  const [cpu, wasm] = [await gradients('cpu', layer, filter), await gradients('wasm', layer, filter)];
  expect(cpu).toHaveLength(2);
  for (const [i, gradient] of cpu.entries()) {
    expect(Math.max(...gradient)).toBeGreaterThan(0);
    expect(largestDifference(wasm[i], gradient)).toBeLessThan(1e-4);
  }
});
