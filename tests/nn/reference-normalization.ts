// Batch normalisation in plain loops and double precision, forward and backward, with nothing shared with the engine.
import type { BatchNormalizationLayer } from '../../src/network/spec.ts';
import { LANES } from '../../src/nn/layout.ts';
import { type Applied, at, type Context, type Volume, volume } from './reference-layers.ts';

/** Brings variances to the scale of the other distances from trouble. */
const LEVEL = 1e-4;

/** Groups of samples that share statistics, and the running statistics that they update in turn. */
export function batchNormalization(context: Context, layer: BatchNormalizationLayer, input: Volume): Applied {
  const group = layer.statistics === 'block' ? LANES : input.samples;
  const momentum = layer.statistics === 'block' ? 0.97 : 0.9;
  const [gamma, beta, mean, variance, updates] = ['gamma', 'beta', 'mean', 'variance', 'updates'].map(
    (role) => context.parameter(layer, role),
  );
  const output = volume(input);
  const pullbacks: ((gradient: Float64Array, result: Float64Array) => void)[] = [];
  for (let first = 0; first < input.samples; first += group) {
    const share = Math.max(1 / (updates[0] + 1), 1 - momentum);
    updates[0] += 1;
    for (let c = 0; c < input.channels; c++) {
      const indices = channelIndices(input, c, first, first + group);
      const mu = meanOf(indices.map((i) => input.values[i]));
      const spread = meanOf(indices.map((i) => (input.values[i] - mu) ** 2));
      const deviation = Math.sqrt(spread + 1e-5);
      context.near(spread * LEVEL); // a channel that hardly varies is divided by almost nothing
      mean[c] += share * (mu - mean[c]);
      variance[c] += share * (spread - variance[c]);
      const normal = indices.map((i) => (input.values[i] - mu) / deviation);
      indices.forEach((i, k) => {
        output.values[i] = gamma[c] * normal[k] + beta[c];
      });
      pullbacks.push((gradient, result) => {
        const g = indices.map((i) => gradient[i]);
        const plain = meanOf(g);
        const moment = meanOf(g.map((value, k) => value * normal[k]));
        context.gradient(layer, 'beta')[c] += plain * g.length;
        context.gradient(layer, 'gamma')[c] += moment * g.length;
        indices.forEach((i, k) => {
          result[i] = (gamma[c] / deviation) * (g[k] - plain - normal[k] * moment);
        });
      });
    }
  }
  const pullback = (gradient: Float64Array) => {
    const result = new Float64Array(input.values.length);
    for (const one of pullbacks) one(gradient, result);
    return [result];
  };
  return { output, pullback };
}

/** Batch normalisation at inference: with the running statistics. */
export function runningNormalization(
  context: Context,
  layer: BatchNormalizationLayer,
  input: Volume,
): Applied {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((role) =>
    context.parameter(layer, role),
  );
  const output = volume(input);
  for (let c = 0; c < input.channels; c++) {
    for (const i of channelIndices(input, c, 0, input.samples)) {
      output.values[i] = (gamma[c] * (input.values[i] - mean[c])) / Math.sqrt(variance[c] + 1e-5) + beta[c];
    }
  }
  const pullback = (gradient: Float64Array) => {
    const result = new Float64Array(gradient.length);
    for (let c = 0; c < input.channels; c++) {
      for (const i of channelIndices(input, c, 0, input.samples)) {
        result[i] = (gradient[i] * gamma[c]) / Math.sqrt(variance[c] + 1e-5);
      }
    }
    return [result];
  };
  return { output, pullback };
}

function channelIndices(v: Volume, channel: number, first: number, last: number): number[] {
  const indices: number[] = [];
  for (let n = first; n < last; n++)
    for (let y = 0; y < v.height; y++)
      for (let x = 0; x < v.width; x++) indices.push(at(v, n, channel, y, x));
  return indices;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
