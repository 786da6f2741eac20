// A network spec as a tfjs-layers model with the same weights, and one training step of it.
import * as tf from '@tensorflow/tfjs';
import { describeNetwork } from '../../src/network/describe.ts';
import type { LayerSpec, NetworkSpec } from '../../src/network/spec.ts';
import type { Weights } from '../../src/nn/session.ts';

/** Ours: momentum and epsilon of batch normalisation. */
const NORMALIZATION = { momentum: 0.9, epsilon: 1e-5 };

/** A model that reads faces [samples][height][width][1] and gives logits [samples][class]. */
export function tfjsModel(spec: NetworkSpec, weights: Weights): tf.LayersModel {
  const outputs = new Map<string, tf.SymbolicTensor>();
  let input: tf.SymbolicTensor | undefined;
  for (const { layer, output, inputs } of describeNetwork(spec)) {
    if (layer.kind === 'crop' || layer.kind === 'resize') {
      // Both are done before the model; the last of them is its input.
      input = tf.input({ shape: [output.height, output.width, 1] });
      outputs.set(layer.name, input);
      continue;
    }
    const names = 'inputs' in layer ? layer.inputs : [layer.input];
    const from = names.map((name) => outputs.get(name) as tf.SymbolicTensor);
    outputs.set(layer.name, apply(layer, from, inputs[0].height * inputs[0].width > 1));
  }
  const last = [...outputs.values()].at(-1) as tf.SymbolicTensor;
  const logits = last.rank === 2 ? last : (tf.layers.flatten().apply(last) as tf.SymbolicTensor);
  const model = tf.model({ inputs: input as tf.SymbolicTensor, outputs: logits });
  for (const layer of model.layers) {
    const roles = rolesOf(layer);
    if (roles.length > 0) layer.setWeights(roles.map((role) => toTfjs(layer, role, weights)));
  }
  return model;
}

function apply(
  layer: Exclude<LayerSpec, { kind: 'crop' | 'resize' }>,
  from: tf.SymbolicTensor[],
  isMap: boolean,
): tf.SymbolicTensor {
  const [input] = from;
  const through = (next: tf.layers.Layer, at: tf.SymbolicTensor = input) =>
    next.apply(at) as tf.SymbolicTensor;
  const { name } = layer;
  const window = 'stride' in layer ? { strides: layer.stride, padding: layer.padding } : {};
  switch (layer.kind) {
    case 'conv2d': {
      const { filters, bias: useBias, l2 } = layer;
      const kernelRegularizer = l2 === undefined ? undefined : tf.regularizers.l2({ l2 });
      const options = { name, filters, kernelSize: [...layer.kernel] as [number, number], useBias };
      return through(tf.layers.conv2d({ ...options, ...window, kernelRegularizer }));
    }
    case 'depthwise-conv2d': {
      const kernelSize = [...layer.kernel] as [number, number];
      const strides = [layer.stride, layer.stride] as [number, number];
      const options = { name, kernelSize, useBias: layer.bias, padding: layer.padding };
      return through(tf.layers.depthwiseConv2d({ ...options, strides }));
    }
    case 'dense':
      return through(tf.layers.dense({ name, units: layer.units, useBias: layer.bias }));
    case 'relu':
      return through(tf.layers.reLU({ name }));
    case 'max-pool':
      return through(
        tf.layers.maxPooling2d({ name, ...window, poolSize: [...layer.size] as [number, number] }),
      );
    case 'average-pool':
      return through(
        tf.layers.averagePooling2d({ name, ...window, poolSize: [...layer.size] as [number, number] }),
      );
    case 'global-average-pool':
      return through(tf.layers.globalAveragePooling2d({ name, dataFormat: 'channelsLast' }));
    case 'batch-normalization':
      return through(tf.layers.batchNormalization({ name, ...NORMALIZATION }));
    case 'dropout':
      return through(tf.layers.dropout({ name, rate: layer.rate }));
    case 'quantize':
      throw new Error('no network of the zoo is quantized');
    case 'add':
      return tf.layers.add({ name }).apply(from) as tf.SymbolicTensor;
    case 'concatenate':
      return tf.layers.concatenate({ name }).apply(from) as tf.SymbolicTensor;
    case 'flatten': {
      // Our maps lie channel by channel, those of tfjs position by position.
      const ours = isMap ? through(tf.layers.permute({ dims: [3, 1, 2] })) : input;
      return through(tf.layers.flatten({ name }), ours);
    }
  }
}

/** Our names of a layer's arrays, in the order of tfjs. */
function rolesOf(layer: tf.layers.Layer): string[] {
  const count = layer.getWeights().length;
  if (layer.getClassName() === 'BatchNormalization') return ['gamma', 'beta', 'mean', 'variance'];
  return ['weights', 'bias'].slice(0, count);
}

function toTfjs(layer: tf.layers.Layer, role: string, weights: Weights): tf.Tensor {
  const values = weights.get(`${layer.name}/${role}`);
  if (values === undefined) throw new Error(`no weights ${layer.name}/${role}`);
  const index = rolesOf(layer).indexOf(role);
  const shape = layer.getWeights()[index].shape;
  if (shape.length !== 4) return tf.tensor(values, shape);
  const [height, width, channels, filters] = shape;
  return layer.getClassName() === 'DepthwiseConv2D'
    ? tf.tensor(values, [channels, height, width, 1]).transpose([1, 2, 0, 3])
    : tf.tensor(values, [filters, channels, height, width]).transpose([2, 3, 1, 0]);
}

/** The weights of a model, named and laid out as ours. */
export function weightsOf(model: tf.LayersModel): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>();
  for (const layer of model.layers) {
    const arrays = layer.getWeights();
    for (const [i, role] of rolesOf(layer).entries()) {
      const isDepthwise = layer.getClassName() === 'DepthwiseConv2D';
      const order = isDepthwise ? [2, 0, 1, 3] : [3, 2, 0, 1];
      const ours = arrays[i].rank === 4 ? arrays[i].transpose(order) : arrays[i];
      weights.set(`${layer.name}/${role}`, ours.dataSync() as Float32Array);
    }
  }
  return weights;
}
