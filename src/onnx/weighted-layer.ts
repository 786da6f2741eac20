import type { Conv2dLayer, DenseLayer, DepthwiseConv2dLayer, LayerSpec } from '../network/spec.ts';

/** A layer whose outputs are sums of weights times inputs. */
export type WeightedLayer = Conv2dLayer | DepthwiseConv2dLayer | DenseLayer;

export function isWeighted(layer: LayerSpec): layer is WeightedLayer {
  return layer.kind === 'conv2d' || layer.kind === 'depthwise-conv2d' || layer.kind === 'dense';
}

/** The axis of a layer's weights that counts its outputs: filters, channels or units. */
export function outputAxis({ kind }: WeightedLayer): 0 | 1 {
  return kind === 'dense' ? 1 : 0;
}

/** Returns which output each of a layer's weights belongs to, by the weight's index in reading order. */
export function outputOfWeight(
  layer: WeightedLayer,
  weights: number,
  outputs: number,
): (index: number) => number {
  return outputAxis(layer) === 1
    ? (index) => index % outputs
    : (index) => Math.floor((index * outputs) / weights);
}
