import { EvopatchError } from '../core/errors.ts';
import { describeNetwork, type LayerDescription, sizeOf } from '../network/describe.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { PREDICTION_BATCH } from './network.ts';
import { planNetwork } from './plan.ts';

/**
 * Limits on what the networks of one model file need together. The largest network of the zoo needs 88 MB and 183 million
 * operations. (A file of a kilobyte can ask for gigabytes and hours.)
 */
export const MODEL_LIMITS = {
  /** Memory to predict with, bytes. */
  memory: 640 * 2 ** 20,
  /** Operations for one face: multiply-accumulates, and the numbers that other layers read. */
  operations: 5e9,
} as const;

/**
 * Refuses networks that together need more memory or work than a model may, without allocating anything.
 *
 * @throws EvopatchError `INVALID_MODEL` that says what they need and what the limit is; `INVALID_NETWORK`.
 */
export function checkModelLimits(networks: readonly NetworkSpec[]): void {
  let operations = 0;
  let memory = 0;
  for (const spec of networks) {
    for (const layer of describeNetwork(spec)) operations += operationsOf(layer);
    if (operations > MODEL_LIMITS.operations) {
      throw tooMuch('operations for a face', operations / 1e6, MODEL_LIMITS.operations / 1e6, 'million');
    }
    memory += 4 * planNetwork(spec, PREDICTION_BATCH).words;
    if (memory > MODEL_LIMITS.memory) {
      throw tooMuch('of memory', memory / 2 ** 20, MODEL_LIMITS.memory / 2 ** 20, 'MB');
    }
  }
}

/** Counts the multiply-accumulates of a layer, or its reads if these are more. */
function operationsOf({ layer, inputs, output, macs }: LayerDescription): number {
  const read = inputs.reduce((sum, input) => sum + sizeOf(input), 0);
  const window = 'size' in layer ? layer.size[0] * layer.size[1] : 1;
  return Math.max(macs, read, sizeOf(output) * window);
}

function tooMuch(what: string, needed: number, limit: number, unit: string): EvopatchError {
  const count = (value: number) => `${Math.ceil(value).toLocaleString('en-US')} ${unit}`;
  return new EvopatchError('INVALID_MODEL', `a model may need at most ${count(limit)} ${what}`, {
    given: count(needed),
    hint: 'Use fewer or smaller networks',
  });
}
