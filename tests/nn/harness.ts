// Shared by the tests of engines: the engines of this machine, random samples and weights, comparison with the reference.
import { expect } from 'vitest';
import { sha256 } from '../../src/core/hash.ts';
import { randomStream } from '../../src/core/random.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { LANES } from '../../src/nn/layout.ts';
import { availableNativeVariants } from '../../src/nn/native-engine.ts';
import type { Samples } from '../../src/nn/samples.ts';
import { Session, type Weights } from '../../src/nn/session.ts';
import type { Convolution } from '../../src/nn/training-config.ts';
import { availableWasmVariants } from '../../src/nn/wasm-kernels.ts';
import { type Batch, type Result, referencePredict, referenceStep } from './reference.ts';

export async function allEngines(): Promise<Engine[]> {
  const native = availableNativeVariants().map(({ name }) => `native:${name}`);
  const wasm = [...(await availableWasmVariants()).keys()].map((name) => `wasm:${name}`);
  return Promise.all([...native, ...wasm].map(openEngine));
}

/** Frames of random grey levels with random labels. */
export function randomSamples(count: number, frameSize: number, classes: number, seed: string): Samples {
  const random = randomStream(seed, 'samples');
  const frames = Uint8Array.from({ length: count * frameSize ** 2 }, () => random.integer(0, 255));
  const labels = Uint8Array.from({ length: count }, () => random.integer(0, classes - 1));
  return { frames, labels, frameSize, classes };
}

/** Random targets, views and numbers for `count` steps' samples of a network. */
export function randomBatch(spec: NetworkSpec, count: number, seed: string, shift = 0): Batch {
  const random = randomStream(seed, 'batch');
  const samples = randomSamples(count + 3, spec.frameSize, spec.classes, seed);
  const rows = Array.from({ length: count }, () => {
    const row = Array.from({ length: spec.classes }, () => random.uniform());
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((value) => value / sum);
  });
  return {
    samples,
    indices: Uint32Array.from({ length: count }, () => random.integer(0, count + 2)),
    views: rows.map(() => ({
      shiftX: random.integer(-shift, shift),
      shiftY: random.integer(-shift, shift),
      flip: shift > 0 && random.chance(0.5),
    })),
    targets: Float32Array.from(rows.flat()),
    temperature: 1,
    dropoutSeed: random.integer(0, 2 ** 31 - 1),
  };
}

/** Weights, biases, scales and running statistics that are all random. */
export function randomWeights(engine: Engine, spec: NetworkSpec, seed: string): Weights {
  const { parameters } = new Session(engine, spec, LANES).plan.parameters;
  const random = randomStream(seed, 'parameters');
  const weights = new Map(initialWeights(parameters, seed));
  for (const { name, role } of parameters) {
    if (role === 'weights') continue;
    const positive = role === 'gamma' || role === 'variance';
    const values =
      weights.get(name)?.map(() => random.uniform() + (positive ? 0.5 : -0.5)) ?? new Float32Array();
    weights.set(name, role === 'updates' ? Float32Array.of(2) : values);
  }
  return weights;
}

export interface Step {
  readonly loss: number;
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly weights: Weights;
}

/** Runs a training step at rate 0 on an engine, which changes only the running statistics. */
export function engineStep(
  engine: Engine,
  spec: NetworkSpec,
  weights: Weights,
  batch: Batch,
  convolution?: Convolution,
): Step {
  const training = { optimizer: 'sgd', clip: false, convolution } as const;
  const session = new Session(engine, spec, batch.indices.length, training);
  session.setWeights(weights);
  session.configure({ clipNorm: 0, temperature: batch.temperature });
  const { samples, indices, views, targets, dropoutSeed } = batch;
  const loss = session.train(samples, indices, views, targets, [0, 0, 0, 0, 0, 0, 0], dropoutSeed);
  return { loss, gradients: session.gradients(), weights: session.weights() };
}

/** Values closer than this to a kink may fall to either side by rounding to single precision. */
const MIN_MARGIN = 3e-6;
const ATTEMPTS = 20;

/** Weights and a batch for a network, with the results of the reference. */
export interface Case {
  readonly weights: Weights;
  readonly batch: Batch;
  readonly reference: Result;
}

/** Finds the first of a few random cases in which rounding cannot tip over a ReLU or a maximum; mostly there is one. */
export function steadyCase(
  engine: Engine,
  spec: NetworkSpec,
  { count = 32, seed = 'case', shift = 0, temperature = 1 } = {},
): Case | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const weights = randomWeights(engine, spec, `${seed}/${attempt}`);
    const batch = { ...randomBatch(spec, count, `${seed}/${attempt}`, shift), temperature };
    const reference = referenceStep(spec, weights, batch);
    if (reference.margin >= MIN_MARGIN) return { weights, batch, reference };
  }
  return undefined;
}

/** Checks loss, gradients, running statistics and probabilities of every engine against the reference. */
export function expectLikeReference(
  engines: readonly Engine[],
  spec: NetworkSpec,
  { weights, batch, reference }: Case,
  tolerance: number,
  convolution?: Convolution,
): void {
  const { samples, indices } = batch;
  const count = indices.length;
  const few = indices.subarray(0, count - 5);
  const probabilities = referencePredict(spec, weights, samples, few);
  for (const engine of engines) {
    const name = `${engine.name}:${engine.variant}`;
    const step = engineStep(engine, spec, weights, batch, convolution);
    expect(Math.abs(step.loss - reference.loss), `loss on ${name}`).toBeLessThan(tolerance * reference.loss);
    expectGradients(step, reference, tolerance, name);
    for (const [parameter, values] of reference.parameters) {
      const close =
        largestDifference(step.weights.get(parameter), values) < tolerance * (1 + largest(values));
      expect(close, `${parameter} after the step on ${name}`).toBe(true);
    }
    const session = new Session(engine, spec, LANES);
    session.setWeights(weights);
    const predicted = session.predict(samples, few);
    expect(largestDifference(predicted, probabilities), `prediction on ${name}`).toBeLessThan(tolerance);
  }
}

function expectGradients(step: Step, reference: Result, tolerance: number, engine: string): void {
  const overall = Math.max(...[...reference.gradients.values()].map(largest));
  expect(reference.gradients.size, 'gradients').toBeGreaterThan(0);
  for (const [parameter, gradient] of step.gradients) {
    const expected = reference.gradients.get(parameter) ?? new Float64Array(gradient.length); // nobody reads it
    const scale = Math.max(largest(expected), 0.05 * overall);
    const difference = largestDifference(gradient, expected) / scale;
    expect(difference, `gradient of ${parameter} on ${engine}`).toBeLessThan(tolerance);
  }
}

/** A hash of the bits of named arrays. */
export function bitsOf(arrays: ReadonlyMap<string, Float32Array>): string {
  return sha256(
    ...[...arrays].flatMap(([name, { buffer, byteOffset, byteLength }]) => [
      name,
      new Uint8Array(buffer, byteOffset, byteLength),
    ]),
  );
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((top, value) => Math.max(top, Math.abs(value)), 0);
}

/** Returns NaN if any number is NaN or the lengths differ. */
export function largestDifference(a: ArrayLike<number> | undefined, b: ArrayLike<number>): number {
  if (a?.length !== b.length) return Number.NaN;
  return Array.from(b, (value, i) => Math.abs(a[i] - value)).reduce((top, gap) => Math.max(top, gap), 0);
}
