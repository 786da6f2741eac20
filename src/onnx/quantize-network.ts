import { describeNetwork, withInputs } from '../network/describe.ts';
import type { LayerSpec, QuantizeLayer } from '../network/spec.ts';
import { GradientSession } from '../nn/gradient-session.ts';
import { LayerGraph } from '../nn/layer-graph.ts';
import { LANES } from '../nn/layout.ts';
import { Network } from '../nn/network.ts';
import type { Samples } from '../nn/samples.ts';
import { foldNormalization } from './fold-normalization.ts';
import { toFloats, toIntegers } from './integer-weights.ts';
import { isWeighted } from './weighted-layer.ts';

/** The step of an 8-bit number, and the integer that stands for 0. */
type Steps = Pick<QuantizeLayer, 'scale' | 'zero'>;

const LOWEST = -128;
const STEPS = 255;

/**
 * Returns a network that computes with 8-bit integers: each layer's output is rounded within the range that it takes on the
 * samples (a layer that a ReLU alone reads after the ReLU, the logits not), the weights of each output by their largest.
 *
 * @param indices the samples to measure ranges on
 */
export function quantizeNetwork(network: Network, samples: Samples, indices: Uint32Array): Network {
  const { engine, spec, weights } = foldNormalization(network);
  const graph = new LayerGraph(describeNetwork(spec));
  const names = graph.layers.flatMap(({ layer: { name } }) => (isRounded(graph, name) ? [name] : []));
  const ranges = rangesOf({ engine, spec, weights }, names, samples, indices);
  const steps = new Map<string, Steps>();
  for (const name of names) {
    const { layer } = graph.get(name);
    // What only selects or reorders numbers keeps their steps.
    const kept = layer.kind === 'max-pool' || layer.kind === 'flatten' ? steps.get(layer.input) : undefined;
    steps.set(name, kept ?? stepsOf(ranges.get(name) as Range));
  }
  const rounded = (name: string) => (steps.has(name) ? `${name}.int8` : name);
  const layers = spec.layers.flatMap((layer): LayerSpec[] => {
    const { name } = layer;
    const own = steps.get(name);
    const reading = withInputs(layer, rounded);
    return own ? [reading, { kind: 'quantize', name: rounded(name), input: name, ...own }] : [reading];
  });
  return new Network(engine, { ...spec, layers }, roundWeights({ spec, weights }, steps));
}

/** Whether a layer's output is rounded: not the logits, and not what goes on through a ReLU alone. */
function isRounded(graph: LayerGraph, name: string): boolean {
  const [reader, ...others] = graph.readers(name);
  return reader !== undefined && !(reader.kind === 'relu' && others.length === 0);
}

type Range = readonly [lowest: number, highest: number];

/**
 * Finds the range of each layer's outputs, as the mean of the ranges of blocks of 16 samples, so that a single number far out
 * does not coarsen all others (Jacob et al. 2018, section 3.1). 0, which paddings add, lies in all of them.
 */
function rangesOf(
  { engine, spec, weights }: Pick<Network, 'engine' | 'spec' | 'weights'>,
  layers: readonly string[],
  samples: Samples,
  indices: Uint32Array,
): Map<string, Range> {
  const isCrop = new Set(spec.layers.flatMap(({ kind, name }) => (kind === 'crop' ? [name] : [])));
  const session = new GradientSession(engine, spec, weights, {
    of: layers.filter((name) => !isCrop.has(name)),
  });
  const blocks = Math.ceil(indices.length / LANES);
  const ranges = new Map(layers.map((name): [string, Range] => [name, [0, 0]]));
  for (let block = 0; block < blocks; block++) {
    session.forward(samples, indices.subarray(block * LANES, (block + 1) * LANES));
    for (const name of layers) {
      let [lowest, highest] = [0, 0];
      for (const value of session.output(name).values) {
        if (value < lowest) lowest = value;
        if (value > highest) highest = value;
      }
      const [low, high] = ranges.get(name) as Range;
      ranges.set(name, [low + lowest / blocks, high + highest / blocks]);
    }
  }
  return ranges;
}

function stepsOf([lowest, highest]: Range): Steps {
  const scale = Math.fround((highest - lowest) / STEPS) || 1;
  return { scale, zero: LOWEST - Math.round(lowest / scale) };
}

/** Rounds all weights and biases. */
function roundWeights(
  { spec, weights }: Pick<Network, 'spec' | 'weights'>,
  steps: ReadonlyMap<string, Steps>,
): Network['weights'] {
  const rounded = new Map(weights);
  for (const layer of spec.layers) {
    if (!isWeighted(layer)) continue;
    const [own, bias] = [`${layer.name}/weights`, `${layer.name}/bias`];
    const arrays = { weights: weights.get(own) as Float32Array, bias: weights.get(bias) as Float32Array };
    const { scale } = steps.get(layer.input) as Steps; // the input of weights is always rounded
    const whole = toFloats(layer, toIntegers(layer, arrays, scale));
    rounded.set(own, whole.weights).set(bias, whole.bias);
  }
  return rounded;
}
