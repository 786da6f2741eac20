import type { Engine } from '../nn/engine.ts';
import type { Network } from '../nn/network.ts';
import type { ExpressionModel } from '../prediction/expression-model.ts';
import { type TimingOptions, timeInTurns } from './timing.ts';
import { noise } from './workload.ts';

/** The speed of `predictFrames` on one core: medians and ranges. */
export interface PreparedFramesRecord {
  readonly engine: Engine['name'];
  readonly variant: string;
  readonly numerics: Engine['numerics'];
  /** For one face alone. */
  readonly milliseconds: number;
  readonly millisecondsRange: readonly [number, number];
  /** For 256 faces in batches of 64. */
  readonly facesPerSecond: number;
  readonly facesPerSecondRange: readonly [number, number];
}

const TIMING: TimingOptions = { rounds: 15, seconds: 0.03 };

/** Times `predictFrames` of a model. */
export function preparedFramesBenchmark(
  { network, predictFrames }: ExpressionModel<Network>,
  timing: TimingOptions = TIMING,
): PreparedFramesRecord {
  const { engine, spec } = network;
  const { frames } = noise(spec);
  const first = frames.subarray(0, spec.frameSize ** 2);
  const samples = frames.length / first.length;
  const [one, many] = timeInTurns(
    [first, frames].map((given) => ({ samples: 0, operations: 0, run: () => void predictFrames(given) })),
    timing,
  );
  return {
    engine: engine.name,
    variant: engine.variant,
    numerics: engine.numerics,
    milliseconds: 1000 * one.median,
    millisecondsRange: [1000 * one.minimum, 1000 * one.maximum],
    facesPerSecond: samples / many.median,
    facesPerSecondRange: [samples / many.maximum, samples / many.minimum],
  };
}
