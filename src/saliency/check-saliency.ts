import { setImmediate } from 'node:timers/promises';
import { EvopatchError } from '../core/errors.ts';
import { spearman } from '../core/spearman.ts';
import { describeNetwork, inputNames } from '../network/describe.ts';
import { readPixels } from '../network/read-pixels.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { initialWeights } from '../nn/initialize.ts';
import { Layout } from '../nn/layout.ts';
import type { Weights } from '../nn/parameters.ts';
import { placeParameters } from '../nn/parameters.ts';
import { type MethodOptions, openExplainer, SALIENCY_METHODS, type SaliencyMethod } from './explainer.ts';
import { type AskedFaces, samplesFor } from './hidden-pixels.ts';
import { predictedClasses } from './saliency.ts';

export interface SaliencyCheckOptions extends AskedFaces, Omit<MethodOptions, 'method'> {
  /** The methods to check. @defaultValue all */
  readonly methods?: readonly SaliencyMethod[];
  /** Seed of the random weights. @defaultValue 'check' */
  readonly seed?: string;
  /** How many times random weights are drawn, 1 to 100; similarities are means over the draws. @defaultValue 3 */
  readonly draws?: number;
  /** Stops between two steps with an `ABORTED` error. */
  readonly signal?: AbortSignal;
}

/** Compares the maps of a network with some layers randomised with those of the trained network. */
export interface RandomizedStage {
  /** The layers that this stage randomises; those of earlier stages stay random. */
  readonly layers: readonly string[];
  /** Mean over the faces of the rank correlation between absolute maps, over the pixels that the network reads. */
  readonly similarity: number;
}

export interface CheckedMethod {
  readonly method: SaliencyMethod;
  /** From the logits alone to the whole network. */
  readonly stages: readonly RandomizedStage[];
  /** Similarity of the last stage: between the trained network and one whose weights are all random. */
  readonly similarity: number;
  /** Whether the maps depend on what was learned: `similarity` lies below `SIMILAR`. */
  readonly passes: boolean;
}

export interface SaliencyCheck {
  readonly samples: number;
  /** How many times random weights were drawn. */
  readonly draws: number;
  readonly methods: readonly CheckedMethod[];
}

/** Maps of a trained and a random network count as alike from this mean rank correlation; the value is our choice. */
export const SIMILAR = 0.5;
const BLOCK = 16;

/**
 * Tests whether maps depend on what a network has learned: the parameter randomisation test of Adebayo et al. 2018
 * ("Sanity checks for saliency maps", section 3). It draws weights anew from the logits downward, stage by stage, and
 * resets the running statistics of normalisation. A map that hardly changes explains the picture and the positions of
 * the patches, not the network. The explained class is always the one that the trained network predicts. A constant
 * map, such as an empty one, counts as correlation 0.
 *
 * @throws EvopatchError as `saliency`; `INVALID_OPTION` for an impossible number of draws.
 */
export async function checkSaliency(options: SaliencyCheckOptions): Promise<SaliencyCheck> {
  const { network, indices, methods = SALIENCY_METHODS, seed = 'check', draws = 3, signal } = options;
  const samples = samplesFor(options);
  const read = [...readPixels(network.spec).entries()].flatMap(([pixel, is]) => (is === 1 ? [pixel] : []));
  if (!Number.isInteger(draws) || draws < 1 || draws > 100) {
    const hint = 'Give a whole number from 1 to 100';
    throw new EvopatchError('INVALID_OPTION', 'no possible number', { option: 'draws', given: draws, hint });
  }
  const cascade = cascadeOf(network.spec);
  const random = Array.from({ length: draws }, (_, draw) => cascade.drawn(`${seed}/${draw}`));
  const size = network.spec.frameSize ** 2;
  const classes = predictedClasses(network.predict(samples, indices), network.spec.classes);

  const checked: CheckedMethod[] = [];
  for (const method of methods) {
    const explainer = openExplainer(network, { ...options, method });
    const mapsWith = async (weights: Weights): Promise<Float64Array[]> => {
      explainer.setWeights(weights);
      const maps: Float64Array[] = [];
      for (let first = 0; first < indices.length; first += BLOCK) {
        await setImmediate();
        if (signal?.aborted) throw new EvopatchError('ABORTED', 'the check was stopped', {}, signal.reason);
        const part = indices.subarray(first, first + BLOCK);
        const block = explainer.explain(samples, part, () => classes.subarray(first, first + BLOCK));
        for (const i of part.keys()) {
          maps.push(Float64Array.from(read, (pixel) => Math.abs(block.maps[i * size + pixel])));
        }
      }
      return maps;
    };
    const trained = await mapsWith(network.weights);
    const stages: RandomizedStage[] = [];
    for (const [stage, layers] of cascade.stages.entries()) {
      let sum = 0;
      for (const drawn of random) {
        const changed = cascade.stages.slice(0, stage + 1).flat();
        const maps = await mapsWith(withRandom(network.weights, drawn, changed));
        sum += trained.reduce((total, map, i) => total + (spearman(map, maps[i]) ?? 0), 0);
      }
      stages.push({ layers, similarity: sum / (trained.length * draws) });
    }
    const similarity = stages[stages.length - 1].similarity;
    checked.push({ method, stages, similarity, passes: similarity < SIMILAR });
  }
  return { samples: indices.length, draws, methods: checked };
}

/** Groups the layers that own parameters by depth, from the logits downward; `drawn` initialises weights anew. */
function cascadeOf(spec: NetworkSpec): {
  readonly stages: readonly (readonly string[])[];
  readonly drawn: (seed: string) => Weights;
} {
  const described = describeNetwork(spec);
  const { parameters } = placeParameters(described, new Layout(1));
  const depths = new Map<string, number>();
  for (const { layer } of described) {
    const below = Math.max(0, ...inputNames(layer).map((name) => depths.get(name) as number));
    const weighs = layer.kind === 'conv2d' || layer.kind === 'depthwise-conv2d' || layer.kind === 'dense';
    depths.set(layer.name, below + (weighs ? 1 : 0));
  }
  const owners = [...new Set(parameters.map(({ layer }) => layer))];
  const found = [...new Set(owners.map((name) => depths.get(name)))].sort((a = 0, b = 0) => b - a);
  return {
    stages: found.map((depth) => owners.filter((name) => depths.get(name) === depth)),
    drawn: (seed) => initialWeights(parameters, seed),
  };
}

/** Takes the arrays of some layers from `random`, those of all others from `trained`. */
function withRandom(trained: Weights, random: Weights, layers: readonly string[]): Weights {
  const chosen = new Set(layers);
  const isChosen = (array: string) => chosen.has(array.slice(0, array.lastIndexOf('/')));
  return new Map(
    Array.from(trained, ([name, values]) => [name, isChosen(name) ? (random.get(name) ?? values) : values]),
  );
}
