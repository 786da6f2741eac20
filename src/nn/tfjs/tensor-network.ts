import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerDescription } from '../../network/describe.ts';
import { resampling } from '../../network/resampling.ts';
import type { BatchNormalizationLayer, CropLayer, LayerSpec } from '../../network/spec.ts';
import { LANES } from '../layout.ts';
import { dropoutMask } from './dropout-mask.ts';

export type TensorFlow = typeof import('@tensorflow/tfjs-core');

/** As in kernels/normalization.c. */
const EPSILON = 1e-5;

/** Statistics of a normalisation in a training step, [group][channel]. */
export interface BatchStatistics {
  readonly layer: BatchNormalizationLayer;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** What a pass through a network reads. Tensors of arrays have our shapes. */
export interface PassInputs {
  readonly samples: number;
  crop(layer: CropLayer): Float32Array;
  /** An array of a layer, or of the layer that it shares; `undefined` if it has none. */
  array(layer: LayerSpec, role: string): Tensor | undefined;
  /** Present in a training step. */
  readonly training?: { readonly dropoutSeed: number; addStatistics(statistics: BatchStatistics): void };
}

/**
 * Computes the logits of samples, [sample][class], with TensorFlow.js' operations. Outputs between layers are
 * [sample][height][width][channel]. The caller disposes of what remains, by `tf.tidy`.
 */
export function logitsOf(tf: TensorFlow, layers: readonly LayerDescription[], inputs: PassInputs): Tensor2D {
  const pass = new Pass(tf, inputs);
  layers.forEach((described, index) => {
    pass.add(described, index);
  });
  const { layer, output } = layers[layers.length - 1];
  return tf.reshape(pass.output(layer.name), [inputs.samples, output.channels]);
}

/** Adds tensors of one shape. TensorFlow.js has no gradient for its own operation of several. */
export function sumOf<Summand extends Tensor>(tf: TensorFlow, tensors: readonly Summand[]): Summand {
  return tensors.reduce((sum, one) => tf.add(sum, one));
}

class Pass {
  readonly #tf: TensorFlow;
  readonly #inputs: PassInputs;
  readonly #outputs = new Map<string, Tensor4D>();

  constructor(tf: TensorFlow, inputs: PassInputs) {
    this.#tf = tf;
    this.#inputs = inputs;
  }

  add(described: LayerDescription, index: number): void {
    this.#outputs.set(described.layer.name, this.#layer(described, index));
  }

  output(layer: string): Tensor4D {
    return this.#outputs.get(layer) as Tensor4D;
  }

  #layer({ layer, inputs: [input], output }: LayerDescription, index: number): Tensor4D {
    const tf = this.#tf;
    const { samples } = this.#inputs;
    if (layer.kind === 'crop') {
      return tf.tensor4d(this.#inputs.crop(layer), [samples, layer.height, layer.width, 1]);
    }
    if ('inputs' in layer) {
      const read = layer.inputs.map((name) => this.output(name));
      return layer.kind === 'concatenate' ? tf.concat(read, 3) : sumOf(tf, read);
    }
    const x = this.output(layer.input);
    switch (layer.kind) {
      case 'resize':
        return this.#resize(x, [input.height, layer.height], [input.width, layer.width]);
      case 'conv2d': {
        const kernel = tf.transpose(this.#array(layer, 'weights'), [2, 3, 1, 0]) as Tensor4D;
        return this.#biased(layer, tf.conv2d(x, kernel, layer.stride, layer.padding));
      }
      case 'depthwise-conv2d': {
        const weights = tf.expandDims(this.#array(layer, 'weights'), 3);
        const kernel = tf.transpose(weights, [1, 2, 0, 3]) as Tensor4D;
        return this.#biased(layer, tf.depthwiseConv2d(x, kernel, layer.stride, layer.padding));
      }
      case 'dense': {
        const flat = tf.reshape(x, [samples, input.channels]);
        const sums = tf.matMul(flat, this.#array(layer, 'weights') as Tensor2D);
        return this.#biased(layer, tf.reshape(sums, [samples, 1, 1, layer.units]));
      }
      case 'relu':
        return tf.relu(x);
      case 'max-pool':
        return tf.maxPool(x, [...layer.size] as [number, number], layer.stride, layer.padding);
      case 'average-pool':
        return tf.avgPool(x, [...layer.size] as [number, number], layer.stride, layer.padding);
      case 'global-average-pool':
        return tf.mean(x, [1, 2], true);
      case 'batch-normalization':
        return this.#normalize(layer, x);
      case 'dropout': {
        const { training } = this.#inputs;
        if (training === undefined) return x;
        const { channels, height, width } = output;
        const factors = dropoutMask(
          layer.rate,
          training.dropoutSeed,
          index,
          samples,
          channels * height * width,
        );
        const mask = tf.tensor4d(factors, [samples, channels, height, width]);
        return tf.mul(x, tf.transpose(mask, [0, 2, 3, 1]));
      }
      case 'quantize':
        return this.#quantize(x, layer.scale, layer.zero);
      case 'flatten':
        return tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [samples, 1, 1, output.channels]);
    }
  }

  #array(layer: LayerSpec, role: string): Tensor {
    return this.#inputs.array(layer, role) as Tensor;
  }

  #biased(layer: LayerSpec, x: Tensor4D): Tensor4D {
    const bias = this.#inputs.array(layer, 'bias');
    return bias === undefined ? x : this.#tf.add(x, bias);
  }

  /** Its gradient is exact; that of TensorFlow.js' own operation forgets where pixel centres lie. */
  #resize(x: Tensor4D, rows: readonly [number, number], columns: readonly [number, number]): Tensor4D {
    const tf = this.#tf;
    const along = (tensor: Tensor, [from, to]: readonly [number, number]) => {
      return tf.matMul(tensor, tf.tensor2d(resampling(from, to), [from, to]) as Tensor);
    };
    // The axis to resample comes last: columns, then rows.
    const wide = along(this.#rowsOfLast(x, [0, 3, 1, 2]), columns);
    const [samples, height, , channels] = x.shape;
    const turned = tf.transpose(tf.reshape(wide, [samples, channels, height, columns[1]]), [0, 1, 3, 2]);
    const high = along(tf.reshape(turned, [-1, height]), rows);
    return tf.transpose(tf.reshape(high, [samples, channels, columns[1], rows[1]]), [0, 3, 2, 1]);
  }

  #rowsOfLast(x: Tensor4D, axes: number[]): Tensor2D {
    const ordered = this.#tf.transpose(x, axes);
    return this.#tf.reshape(ordered, [-1, ordered.shape[3]]);
  }

  #normalize(layer: BatchNormalizationLayer, x: Tensor4D): Tensor4D {
    const tf = this.#tf;
    const { training, samples } = this.#inputs;
    const [gamma, beta] = [this.#array(layer, 'gamma'), this.#array(layer, 'beta')];
    const scaled = (values: Tensor, mean: Tensor, variance: Tensor): Tensor => {
      const normal = tf.mul(tf.sub(values, mean), tf.rsqrt(tf.add(variance, EPSILON)));
      return tf.add(tf.mul(normal, gamma), beta);
    };
    if (training === undefined) {
      return scaled(x, this.#array(layer, 'mean'), this.#array(layer, 'variance')) as Tensor4D;
    }
    const groups = layer.statistics === 'block' ? samples / LANES : 1;
    const grouped = tf.reshape(x, [groups, -1, x.shape[3]]);
    const { mean, variance } = tf.moments(grouped, 1, true);
    training.addStatistics({
      layer,
      mean: mean.dataSync() as Float32Array,
      variance: variance.dataSync() as Float32Array,
    });
    return tf.reshape(scaled(grouped, mean, variance), x.shape);
  }

  #quantize(x: Tensor4D, scale: number, zero: number): Tensor4D {
    const tf = this.#tf;
    const rounded = tf.customGrad((value) => {
      const integers = tf.clipByValue(tf.add(tf.round(tf.div(value as Tensor, scale)), zero), -128, 127);
      return { value: tf.mul(tf.sub(integers, zero), scale), gradFunc: (dy: Tensor) => dy };
    });
    return rounded(x) as Tensor4D;
  }
}
