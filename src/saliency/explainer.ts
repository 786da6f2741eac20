import { EvopatchError } from '../core/errors.ts';
import { describeNetwork } from '../network/describe.ts';
import { GradientSession } from '../nn/gradient-session.ts';
import type { Network } from '../nn/network.ts';
import type { Weights } from '../nn/parameters.ts';
import type { Samples } from '../nn/samples.ts';
import { activationMap, seenCrops, showActivationMap } from './grad-cam.ts';
import { activationOf, lastConvolutions } from './last-convolutions.ts';
import { layersOfScalar, type SaliencyScalar, scalarsOf } from './scalars.ts';

/** Methods of making a map; see `saliency`. */
export const SALIENCY_METHODS = ['gradient', 'guided', 'integrated', 'grad-cam'] as const;
export type SaliencyMethod = (typeof SALIENCY_METHODS)[number];

/** Says how maps are made. */
export interface MethodOptions {
  readonly method: SaliencyMethod;
  /** @defaultValue 'logit' */
  readonly scalar?: SaliencyScalar;
  /**
   * Names of the layers whose channels 'channel-max' takes, or whose maps 'grad-cam' draws. @defaultValue the last
   * convolutions, for 'grad-cam' after their normalisation and ReLU
   */
  readonly layers?: readonly string[];
  /** Number of pictures along the path of 'integrated', 1 to 1,024. @defaultValue 32 */
  readonly steps?: number;
}

/** Holds the maps of up to 16 samples. */
export interface Explained {
  /** [index][class] */
  readonly probabilities: Float32Array;
  readonly classes: Uint8Array;
  /** The explained scalar of each sample. */
  readonly scalars: Float64Array;
  /** For 'integrated', the scalars of the pictures where the paths begin. */
  readonly baselines?: Float64Array;
  /** [index][size][size] */
  readonly maps: Float64Array;
}

/** Makes maps with a network whose weights can be exchanged. */
export interface Explainer {
  setWeights(weights: Weights): void;
  /** Explains up to 16 samples. @param classesOf picks the class of each sample by probabilities, [index][class] */
  explain(
    samples: Samples,
    indices: Uint32Array,
    classesOf: (probabilities: Float32Array) => Uint8Array,
  ): Explained;
}

const MAX_STEPS = 1024;

/** Prepares a network for making maps. @throws EvopatchError `INVALID_OPTION` as `saliency`. */
export function openExplainer({ engine, spec, weights }: Network, options: MethodOptions): Explainer {
  const { method, scalar = 'logit', layers, steps = 32 } = options;
  if (!Number.isInteger(steps) || steps < 1 || steps > MAX_STEPS) {
    const hint = `Give a whole number from 1 to ${MAX_STEPS}`;
    throw new EvopatchError('INVALID_OPTION', 'no possible number', { option: 'steps', given: steps, hint });
  }
  if (method === 'grad-cam' && scalar === 'channel-max') {
    const hint = "Explain a 'logit' or a 'probability', or use another method";
    throw new EvopatchError('INVALID_OPTION', 'Grad-CAM explains a class', {
      option: 'scalar',
      given: scalar,
      hint,
    });
  }
  const of = layersOfScalar(scalar, spec, layers);
  const open = (more: { by?: readonly string[]; rule?: 'guided' }) =>
    new GradientSession(engine, spec, weights, { of, ...more });
  if (method === 'grad-cam') {
    const seen = layers ?? lastConvolutions(spec).map((name) => activationOf(spec, name));
    if (seen.length === 0) {
      const hint = 'Name layers, or use another method';
      throw new EvopatchError('INVALID_OPTION', 'the network has no convolution to look at', {
        option: 'layers',
        hint,
      });
    }
    return explainByGradCam(open({ by: [...new Set(seen)] }), scalar);
  }
  const session = open(method === 'guided' ? { rule: 'guided' } : {});
  return method === 'integrated'
    ? explainByIntegratedGradients(session, scalar, steps)
    : explainByGradients(session, scalar);
}

function explainByGradients(session: GradientSession, scalar: SaliencyScalar): Explainer {
  return {
    setWeights: (weights) => session.setWeights(weights),
    explain: (samples, indices, classesOf) => {
      const probabilities = session.forward(samples, indices);
      const classes = classesOf(probabilities);
      const { values, seeds } = scalarsOf(scalar, session, probabilities, classes);
      session.backward(seeds);
      return { probabilities, classes, scalars: values, maps: session.frameGradient() };
    },
  };
}

/**
 * Averages the gradient at the midpoints of equal steps along the straight line from a picture without contrast to the
 * picture, and multiplies it by the difference of the two (Sundararajan et al. 2017, equation 3).
 */
function explainByIntegratedGradients(
  session: GradientSession,
  scalar: SaliencyScalar,
  steps: number,
): Explainer {
  const crops = session.plan.crops.map(({ name }) => name);
  return {
    setWeights: (weights) => session.setWeights(weights),
    explain: (samples, indices, classesOf) => {
      const probabilities = session.forward(samples, indices);
      const classes = classesOf(probabilities);
      const { values: scalars } = scalarsOf(scalar, session, probabilities, classes);
      const differences = new Map(crops.map((crop) => [crop, session.output(crop).values]));
      const at = (contrast: number) => {
        const own = session.forward(samples, indices, contrast);
        return scalarsOf(scalar, session, own, classes);
      };
      const sums = new Map(crops.map((crop) => [crop, new Float64Array(differences.get(crop)?.length ?? 0)]));
      for (let step = 0; step < steps; step++) {
        session.backward(at((step + 0.5) / steps).seeds);
        for (const [crop, sum] of sums) {
          const { values } = session.gradient(crop);
          for (let i = 0; i < sum.length; i++) sum[i] += values[i];
        }
      }
      const { values: baselines } = at(0);
      const maps = session.toFrames((crop) => {
        const difference = differences.get(crop) as Float32Array;
        return (sums.get(crop) as Float64Array).map((sum, i) => (sum / steps) * difference[i]);
      });
      return { probabilities, classes, scalars, baselines, maps };
    },
  };
}

function explainByGradCam(session: GradientSession, scalar: SaliencyScalar): Explainer {
  const { spec, gradients } = session.plan;
  const described = new Map(describeNetwork(spec).map((layer) => [layer.layer.name, layer]));
  const layers = Array.from(gradients.keys(), (name) => ({ name, seen: seenCrops(described, name) }));
  const pixels = spec.frameSize ** 2;
  return {
    setWeights: (weights) => session.setWeights(weights),
    explain: (samples, indices, classesOf) => {
      const probabilities = session.forward(samples, indices);
      const classes = classesOf(probabilities);
      const { values, seeds } = scalarsOf(scalar, session, probabilities, classes);
      session.backward(seeds);
      const maps = new Float64Array(indices.length * pixels);
      for (const { name, seen } of layers) {
        const activations = session.output(name);
        const gradient = session.gradient(name);
        for (let i = 0; i < indices.length; i++) {
          const map = activationMap(activations, gradient, i);
          const frame = maps.subarray(i * pixels, (i + 1) * pixels);
          showActivationMap(map, activations.width, seen, frame, spec.frameSize);
        }
      }
      return { probabilities, classes, scalars: values, maps };
    },
  };
}
