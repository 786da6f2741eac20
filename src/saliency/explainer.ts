import { EvopatchError } from '../core/errors.ts';
import { describeNetwork } from '../network/describe.ts';
import { GradientSession } from '../nn/gradient-session.ts';
import type { Network } from '../nn/network.ts';
import type { Samples } from '../nn/samples.ts';
import type { Weights } from '../nn/staging.ts';
import { activationMap, seenCrops, showActivationMap } from './grad-cam.ts';
import { activationOf, lastConvolutions } from './last-convolutions.ts';
import { layersOfScalar, type SaliencyScalar, scalarsOf } from './scalars.ts';

/** Ways to make a map; what each is says `saliency`. */
export const SALIENCY_METHODS = ['gradient', 'guided', 'integrated', 'grad-cam'] as const;
export type SaliencyMethod = (typeof SALIENCY_METHODS)[number];

/** How maps are made. */
export interface MethodOptions {
  readonly method: SaliencyMethod;
  /** @defaultValue 'logit' */
  readonly scalar?: SaliencyScalar;
  /**
   * Of 'channel-max' the layers whose channels are taken, of 'grad-cam' those whose maps are drawn. @defaultValue the
   * last convolutions, for 'grad-cam' behind their normalisation and ReLU
   */
  readonly layers?: readonly string[];
  /** Of 'integrated' the pictures on the way, 1 to 1,024. @defaultValue 32 */
  readonly steps?: number;
}

/** Maps of up to 16 samples. */
export interface Explained {
  /** [index][class] */
  readonly probabilities: Float32Array;
  readonly classes: Uint8Array;
  /** The explained scalar of each sample. */
  readonly scalars: Float64Array;
  /** Of 'integrated' the scalar of the picture where the way begins. */
  readonly baselines?: Float64Array;
  /** [index][size][size] */
  readonly maps: Float64Array;
}

/** Makes maps with a network, whose weights can be exchanged. */
export interface Explainer {
  setWeights(weights: Weights): void;
  /** @param classesOf which class of each of up to 16 samples to explain, from their probabilities, [index][class] */
  explain(
    samples: Samples,
    indices: Uint32Array,
    classesOf: (probabilities: Float32Array) => Uint8Array,
  ): Explained;
}

const MAX_STEPS = 1024;

/** @throws EvopatchError `INVALID_OPTION`, as `saliency` says. */
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
    return gradCam(open({ by: [...new Set(seen)] }), scalar);
  }
  const session = open(method === 'guided' ? { rule: 'guided' } : {});
  return method === 'integrated' ? integratedGradients(session, scalar, steps) : gradients(session, scalar);
}

function gradients(session: GradientSession, scalar: SaliencyScalar): Explainer {
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
 * Along the straight line from a picture without contrast to the picture, the mean gradient at the middles of equal
 * parts, times the way (Sundararajan et al. 2017, equation 3).
 */
function integratedGradients(session: GradientSession, scalar: SaliencyScalar, steps: number): Explainer {
  const crops = session.plan.crops.map(({ name }) => name);
  return {
    setWeights: (weights) => session.setWeights(weights),
    explain: (samples, indices, classesOf) => {
      const probabilities = session.forward(samples, indices);
      const classes = classesOf(probabilities);
      const { values: scalars } = scalarsOf(scalar, session, probabilities, classes);
      const ways = new Map(crops.map((crop) => [crop, session.output(crop).values]));
      const at = (contrast: number) => {
        const own = session.forward(samples, indices, contrast);
        return scalarsOf(scalar, session, own, classes);
      };
      const sums = new Map(crops.map((crop) => [crop, new Float64Array(ways.get(crop)?.length ?? 0)]));
      for (let step = 0; step < steps; step++) {
        session.backward(at((step + 0.5) / steps).seeds);
        for (const [crop, sum] of sums) {
          const { values } = session.gradient(crop);
          for (let i = 0; i < sum.length; i++) sum[i] += values[i];
        }
      }
      const { values: baselines } = at(0);
      const maps = session.toFrames((crop) => {
        const way = ways.get(crop) as Float32Array;
        return (sums.get(crop) as Float64Array).map((sum, i) => (sum / steps) * way[i]);
      });
      return { probabilities, classes, scalars, baselines, maps };
    },
  };
}

function gradCam(session: GradientSession, scalar: SaliencyScalar): Explainer {
  const { spec, gradients: places } = session.plan;
  const described = new Map(describeNetwork(spec).map((layer) => [layer.layer.name, layer]));
  const layers = Array.from(places.keys(), (name) => ({ name, seen: seenCrops(described, name) }));
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
