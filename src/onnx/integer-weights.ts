import { outputOfWeight, type WeightedLayer } from './weighted-layer.ts';

/** Seven bits: with eight, processors without VNNI saturate when they add two products of bytes in 16 bits. */
const MAXIMUM_WEIGHT = 63;
/** A bias of more steps than this would not fit its 32 bits together with the products that it is added to. */
const MAXIMUM_BIAS = 2 ** 30;

/** The weights of a layer as integers, with the step of each output. */
export interface IntegerWeights {
  /** From −63 to 63, in reading order. */
  readonly weights: Int8Array;
  readonly scales: Float32Array;
  /** In steps of the input times those of the weights, `biasScales`. */
  readonly bias: Int32Array;
  readonly biasScales: Float32Array;
}

/** The arrays of a layer: its weights, and a bias for each output. */
export interface LayerArrays {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/**
 * Rounds weights symmetrically, the largest of each output to ±63, and the bias to whole steps of the sums. An output whose
 * bias outweighs its weights beyond 32 bits loses the weights.
 *
 * @param inputScale the step of the layer's input
 */
export function toIntegers(
  layer: WeightedLayer,
  { weights, bias }: LayerArrays,
  inputScale: number,
): IntegerWeights {
  const outputOf = outputOfWeight(layer, weights.length, bias.length);
  const peaks = new Float32Array(bias.length);
  weights.forEach((weight, i) => {
    peaks[outputOf(i)] = Math.max(peaks[outputOf(i)], Math.abs(weight));
  });
  const losesWeights = (output: number) =>
    Math.abs(bias[output]) > (peaks[output] / MAXIMUM_WEIGHT) * inputScale * MAXIMUM_BIAS;
  const scales = peaks.map((peak, output) => {
    if (losesWeights(output)) return Math.abs(bias[output]) / inputScale / MAXIMUM_BIAS;
    return peak > 0 ? peak / MAXIMUM_WEIGHT : 1;
  });
  const biasScales = scales.map((scale) => scale * inputScale);
  return {
    weights: Int8Array.from(weights, (weight, i) =>
      losesWeights(outputOf(i)) ? 0 : Math.round(weight / scales[outputOf(i)]),
    ),
    scales,
    bias: Int32Array.from(bias, (value, output) => Math.round(value / biasScales[output])),
    biasScales,
  };
}

/** Returns the numbers that the integers stand for. */
export function toFloats(layer: WeightedLayer, integers: IntegerWeights): LayerArrays {
  const { weights, scales, bias, biasScales } = integers;
  const outputOf = outputOfWeight(layer, weights.length, bias.length);
  return {
    weights: Float32Array.from(weights, (weight, i) => weight * scales[outputOf(i)]),
    bias: Float32Array.from(bias, (value, output) => value * biasScales[output]),
  };
}
