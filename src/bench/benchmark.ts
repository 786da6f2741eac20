import { macCount, parameterCount } from '../network/describe.ts';
import { referenceNetwork } from '../network/reference-network.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from '../nn/engine.ts';
import { type TimingOptions, timeInTurns } from './timing.ts';
import { BATCH_SIZE, inferenceWorkload, peakWorkload, trainingWorkload } from './workload.ts';

export type BenchmarkTask = 'train' | 'infer';

/** The speed at which one core trains or runs a network, and its upper limit. */
export interface BenchmarkRecord {
  readonly task: BenchmarkTask;
  readonly engine: Engine['name'];
  readonly variant: string;
  readonly numerics: Engine['numerics'];
  readonly network: string;
  readonly parameters: number;
  readonly macs: number;
  readonly batchSize: number;
  /** Measurements behind each median. */
  readonly rounds: number;
  /** Median. */
  readonly samplesPerSecond: number;
  /** The slowest and the fastest measurement. */
  readonly samplesPerSecondRange: readonly [number, number];
  /** 10⁹ floating-point operations per second; a training step counts three times a forward pass. */
  readonly gflops: number;
  /** Speed of the engine's multiply-adds in registers; its measurements alternate with those of the network. */
  readonly peakGflops: number;
  readonly fractionOfPeak: number;
  /** For 'infer': milliseconds for one face alone, the median and the fastest and slowest measurement. */
  readonly oneFace?: { readonly milliseconds: number; readonly range: readonly [number, number] };
}

const TIMING: TimingOptions = { rounds: 31, seconds: 0.04 };

/** Measures an engine on a network, by default the reference network. Takes about four seconds. */
export function benchmark(
  task: BenchmarkTask,
  engine: Engine,
  spec: NetworkSpec = referenceNetwork(),
  timing: TimingOptions = TIMING,
): BenchmarkRecord {
  const work = task === 'train' ? trainingWorkload(engine, spec) : inferenceWorkload(engine, spec);
  const peak = peakWorkload(engine);
  const alone = task === 'infer' ? [inferenceWorkload(engine, spec, 1)] : [];
  const [time, peakTime, oneFace] = timeInTurns([work, peak, ...alone], timing);
  const gflops = work.operations / time.median / 1e9;
  const peakGflops = peak.operations / peakTime.median / 1e9;
  return {
    task,
    engine: engine.name,
    variant: engine.variant,
    numerics: engine.numerics,
    network: spec.name,
    parameters: parameterCount(spec),
    macs: macCount(spec),
    batchSize: BATCH_SIZE,
    rounds: timing.rounds,
    samplesPerSecond: work.samples / time.median,
    samplesPerSecondRange: [work.samples / time.maximum, work.samples / time.minimum],
    gflops,
    peakGflops,
    fractionOfPeak: gflops / peakGflops,
    oneFace: oneFace && {
      milliseconds: 1000 * oneFace.median,
      range: [1000 * oneFace.minimum, 1000 * oneFace.maximum],
    },
  };
}

/** Measures the faces per second that one core classifies, the median of nine short measurements. */
export function inferenceSpeed(engine: Engine, spec: NetworkSpec): number {
  const work = inferenceWorkload(engine, spec);
  const [time] = timeInTurns([work], { rounds: 9, seconds: 0.03 });
  return work.samples / time.median;
}
