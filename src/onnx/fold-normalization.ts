import { describeNetwork, type LayerDescription, withInputs } from '../network/describe.ts';
import type { BatchNormalizationLayer, LayerSpec } from '../network/spec.ts';
import { LayerGraph, upstreamOf, withoutDropout } from '../nn/layer-graph.ts';
import { tensorsOf } from '../nn/model.ts';
import { Network } from '../nn/network.ts';
import { isWeighted, outputOfWeight, type WeightedLayer } from './weighted-layer.ts';

/** As in kernels/normalization.c. */
const EPSILON = 1e-5;

const ROLES = ['weights', 'bias', 'gamma', 'beta', 'mean', 'variance', 'updates'] as const;
type Role = (typeof ROLES)[number];
/** Gives an array of a layer, or of the layer whose arrays it shares. */
type Arrays = (layer: LayerSpec, role: Role) => Float32Array | undefined;

/**
 * Returns a network that predicts the same up to rounding: batch normalisation that alone reads a layer of weights is part of
 * it, each of these layers has weights of its own and a bias, and dropout and layers without an effect are gone.
 *
 * @throws EvopatchError `INVALID_MODEL` if the network's weights are not whole.
 */
export function foldNormalization(network: Network): Network {
  const { engine, spec } = network;
  const whole = withoutDropout(new LayerGraph(describeNetwork(spec)));
  const needed = upstreamOf(whole, [whole.output]);
  const graph = whole.restricted((name) => needed.has(name), new Set());
  const norms = new Map(graph.layers.flatMap(({ layer }) => normalizationAfter(graph, layer)));
  const replaced = new Map(Array.from(norms, ([name, norm]) => [norm.name, name]));
  const kept = graph.layers.filter(({ layer }) => !replaced.has(layer.name));

  const tensors = tensorsOf(network);
  const arrays: Arrays = (layer, role) => {
    const owner = ('shares' in layer ? layer.shares : undefined) ?? layer.name;
    return tensors.get(`${owner}/${role}`)?.values;
  };
  const weights = kept.flatMap((described): [string, Float32Array][] => {
    const { layer } = described;
    if (isWeighted(layer)) return foldedArrays(layer, norms.get(layer.name), described, arrays);
    return ROLES.flatMap((role) => {
      const own = arrays(layer, role);
      return own === undefined ? [] : [[`${layer.name}/${role}`, own]];
    });
  });
  const layers = kept.map(({ layer }) => {
    const reading = withInputs(layer, (name) => replaced.get(name) ?? name);
    if (isWeighted(reading)) return { ...reading, shares: undefined, bias: true };
    return reading.kind === 'batch-normalization' ? { ...reading, shares: undefined } : reading;
  });
  return new Network(engine, { ...spec, layers }, new Map(weights));
}

/** Finds the normalisation that is the only reader of a layer with weights: its entry, or none. */
function normalizationAfter(graph: LayerGraph, layer: LayerSpec): [string, BatchNormalizationLayer][] {
  const [reader, ...others] = graph.readers(layer.name);
  const folds = isWeighted(layer) && others.length === 0 && reader?.kind === 'batch-normalization';
  return folds ? [[layer.name, reader]] : [];
}

/** y = γ · (W x + b − μ) / √(σ² + ε) + β, written as W' x + b'. */
function foldedArrays(
  layer: WeightedLayer,
  norm: BatchNormalizationLayer | undefined,
  { output: { channels } }: LayerDescription,
  arrays: Arrays,
): [string, Float32Array][] {
  const of = (owner: LayerSpec, role: Role) => arrays(owner, role) ?? new Float32Array(channels);
  const named = (weights: Float32Array, bias: Float32Array): [string, Float32Array][] => [
    [`${layer.name}/weights`, weights],
    [`${layer.name}/bias`, bias],
  ];
  const weights = of(layer, 'weights');
  const bias = of(layer, 'bias');
  if (norm === undefined) return named(weights, bias);
  const [gamma, beta, mean, variance] = (['gamma', 'beta', 'mean', 'variance'] as const).map((role) =>
    of(norm, role),
  );
  const factors = Array.from(gamma, (scale, output) => scale / Math.sqrt(variance[output] + EPSILON));
  const outputOf = outputOfWeight(layer, weights.length, channels);
  return named(
    weights.map((weight, i) => weight * factors[outputOf(i)]),
    bias.map((value, output) => (value - mean[output]) * factors[output] + beta[output]),
  );
}
