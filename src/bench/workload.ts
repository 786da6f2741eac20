import { macCount } from '../network/describe.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from '../nn/engine.ts';
import { initialWeights } from '../nn/initialize.ts';
import type { NetworkSession } from '../nn/network-session.ts';
import { openSession } from '../nn/open-session.ts';
import { batch, encodeProgram } from '../nn/program.ts';
import type { Samples } from '../nn/samples.ts';

/** Work to time, the same in each run. */
export interface Workload {
  /** Samples that one run handles; 0 if there are none. */
  readonly samples: number;
  /** Floating-point operations of one run; a multiply-accumulate is two. */
  readonly operations: number;
  run(): void;
}

export const BATCH_SIZE = 64;
const FRAMES = 4 * BATCH_SIZE;
/** Settings of AdamW with a rate so small that the network hardly changes and all steps are alike. */
const UPDATE = [1e-5, 0.9, 0.999, 1e-8, 1, 1, 1e-3];

/** How the measured sessions train: as new trainings do. */
export const MEASURED_TRAINING = { optimizer: 'adamw', clip: false, convolution: 'winograd' } as const;

/** Makes training steps on batches of 64. */
export function trainingWorkload(engine: Engine, spec: NetworkSpec): Workload {
  const session = openSession(engine, spec, BATCH_SIZE, MEASURED_TRAINING);
  return {
    samples: BATCH_SIZE,
    // Forward, gradient of the inputs and gradient of the weights take as many multiply-accumulates each.
    operations: 3 * 2 * macCount(spec) * BATCH_SIZE,
    run: trainingSteps(session, spec),
  };
}

/** Gives a session random weights, and makes a function that trains it on the next batch of 64. */
export function trainingSteps(session: NetworkSession, spec: NetworkSpec): () => void {
  session.setWeights(initialWeights(session.parameters, 'bench'));
  session.configure({ clipNorm: 0, temperature: 1 });
  const samples = noise(spec);
  const targets = new Float32Array(BATCH_SIZE * spec.classes);
  for (let i = 0; i < BATCH_SIZE; i++) targets[i * spec.classes + samples.labels[i]] = 1;
  let step = 0;
  return () => {
    const first = (step++ * BATCH_SIZE) % FRAMES;
    const indices = Uint32Array.from({ length: BATCH_SIZE }, (_, i) => first + i);
    session.train(samples, indices, [], targets, UPDATE, step);
  };
}

/** Predicts 256 faces, or fewer. */
export function inferenceWorkload(engine: Engine, spec: NetworkSpec, faces: number = FRAMES): Workload {
  const session = openSession(engine, spec, BATCH_SIZE);
  session.setWeights(initialWeights(session.parameters, 'bench'));
  const samples = noise(spec);
  const indices = Uint32Array.from({ length: faces }, (_, i) => i);
  return {
    samples: faces,
    operations: 2 * macCount(spec) * faces,
    run: () => void session.predict(samples, indices),
  };
}

/**
 * Measures the upper limit of any kernel: only multiply-adds in registers, twelve independent chains of the engine's vector
 * width (128 bits on WebAssembly, where the limit is that of the compiled module, not of the processor), fused if the
 * engine fuses.
 */
export function peakWorkload(engine: Engine): Workload {
  const rounds = 20_000;
  const multiplyAddsOfRound = 16 * 12 * engine.vectorWidth;
  const sink = 64;
  const arena = engine.createArena(sink + 16);
  arena.integers.set(encodeProgram([batch('peak', { rounds, sink })]));
  return { samples: 0, operations: 2 * rounds * multiplyAddsOfRound, run: () => arena.run(0, 0, 1) };
}

/** Makes frames of noise; their content does not change the speed. */
export function noise(spec: NetworkSpec): Samples {
  const frames = new Uint8Array(FRAMES * spec.frameSize ** 2);
  let state = 1;
  for (let i = 0; i < frames.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Knuth & Lewis's "quick and dirty" generator
    frames[i] = state >>> 24;
  }
  const labels = Uint8Array.from({ length: FRAMES }, (_, i) => i % spec.classes);
  return { frames, labels, frameSize: spec.frameSize, classes: spec.classes };
}
