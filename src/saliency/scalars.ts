import { EvopatchError } from '../core/errors.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { GradientSession } from '../nn/gradient-session.ts';
import { lastConvolutions } from './last-convolutions.ts';

/**
 * Numbers that a map can explain. 'logit' and 'probability' are those of one class. 'channel-max' ignores the class: it
 * sums the maximum over the channels of some layers' outputs over all positions (Arriaga et al. 2017, in their code).
 */
export const SALIENCY_SCALARS = ['logit', 'probability', 'channel-max'] as const;
export type SaliencyScalar = (typeof SALIENCY_SCALARS)[number];

/** Holds the scalars of some samples, and their derivatives by the outputs of the layers that they are computed from. */
export interface Scalars {
  readonly values: Float64Array;
  readonly seeds: ReadonlyMap<string, Float32Array>;
}

/** Names the layers that a scalar is computed from, or returns `undefined` for the logits. */
export function layersOfScalar(
  scalar: SaliencyScalar,
  spec: NetworkSpec,
  layers: readonly string[] = lastConvolutions(spec),
): readonly string[] | undefined {
  if (scalar !== 'channel-max') return undefined;
  if (layers.length === 0) {
    throw new EvopatchError('INVALID_OPTION', 'the network has no convolution to explain', {
      option: 'layers',
      hint: 'Name layers, or explain a logit',
    });
  }
  return layers;
}

/**
 * Computes the scalars of the samples of the last `forward`.
 *
 * @param probabilities the result of `forward`, [index][class]
 * @param classes the explained class of each sample
 */
export function scalarsOf(
  scalar: SaliencyScalar,
  session: GradientSession,
  probabilities: Float32Array,
  classes: Uint8Array,
): Scalars {
  if (scalar === 'channel-max') return channelMaxima(session);
  const count = session.plan.spec.classes;
  const logits = session.output(session.plan.logits).values;
  const seeds = new Float32Array(logits.length);
  const values = Float64Array.from(classes, (label, i) => {
    const row = probabilities.subarray(i * count, (i + 1) * count);
    for (let k = 0; k < count; k++) {
      const own = k === label ? 1 : 0;
      seeds[i * count + k] = scalar === 'logit' ? own : row[label] * (own - row[k]);
    }
    return scalar === 'logit' ? logits[i * count + label] : row[label];
  });
  return { values, seeds: new Map([[session.plan.logits, seeds]]) };
}

function channelMaxima(session: GradientSession): Scalars {
  let sums = new Float64Array();
  const seeds = new Map<string, Float32Array>();
  for (const layer of session.plan.seeds.keys()) {
    const { channels, height, width, values } = session.output(layer);
    const positions = height * width;
    const samples = values.length / (channels * positions);
    if (sums.length === 0) sums = new Float64Array(samples);
    const seed = new Float32Array(values.length);
    for (let i = 0; i < samples; i++) {
      for (let position = 0; position < positions; position++) {
        let best = i * channels * positions + position;
        for (let channel = 1; channel < channels; channel++) {
          const offset = (i * channels + channel) * positions + position;
          if (values[offset] > values[best]) best = offset;
        }
        seed[best] = 1;
        sums[i] += values[best];
      }
    }
    seeds.set(layer, seed);
  }
  return { values: sums, seeds };
}
