import { randomStream } from '../core/random.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from '../nn/engine.ts';
import { initialWeights } from '../nn/initialize.ts';
import { openSession } from '../nn/open-session.ts';

const BATCH = 64;
const ROUNDS = 9;

/**
 * Measures the milliseconds that a network takes for a face in this thread: the median of nine batches of 64 frames of
 * noise. The time does not depend on the weights.
 */
export function latencyOf(engine: Engine, spec: NetworkSpec): number {
  const session = openSession(engine, spec, BATCH);
  session.setWeights(initialWeights(session.parameters, 'latency'));
  const random = randomStream('latency', 'frames');
  const frames = Uint8Array.from({ length: BATCH * spec.frameSize ** 2 }, () => random.integer(0, 255));
  const samples = { frames, labels: new Uint8Array(BATCH), frameSize: spec.frameSize, classes: spec.classes };
  const indices = Uint32Array.from({ length: BATCH }, (_, index) => index);
  session.predict(samples, indices);
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    session.predict(samples, indices);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[(ROUNDS - 1) / 2] / BATCH;
}
