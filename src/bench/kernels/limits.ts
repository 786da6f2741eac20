import type { Engine } from '../../nn/engine.ts';
import { batch, encodeProgram, type Step } from '../../nn/program.ts';
import { type TimingOptions, timeInTurns } from '../timing.ts';
import { peakWorkload, type Workload } from '../workload.ts';

/** How fast one core can be at most: the fastest that was measured, since other work on the machine only slows it. */
export interface Limits {
  /** Speed of the engine's multiply-adds in registers, 10⁹ operations per second. */
  readonly peakGflops: number;
  /** Traffic of arrays that lie in the caches, or beyond them, by their size, ascending. */
  readonly bandwidths: readonly Bandwidth[];
}

/** The traffic of arrays of one size. */
export interface Bandwidth {
  readonly bytes: number;
  /** 10⁹ bytes per second, read and written. */
  readonly gigabytesPerSecond: number;
}

/** From half of a small first cache to beyond most last ones. */
const SIZES = Array.from({ length: 14 }, (_, i) => 2 ** (13 + i));
const FLOAT_BYTES = 4;
const PROGRAM_WORDS = 64;

/** Measures the limits of an engine on this core. */
export function measureLimits(engine: Engine, timing: TimingOptions): Limits {
  const streams = SIZES.map((bytes) => streamWorkloads(engine, bytes));
  const peak = peakWorkload(engine);
  const [peakTime, ...times] = timeInTurns([peak, ...streams.flat()], timing);
  const bandwidths = streams.map((group, size) => {
    const own = group.map(({ bytes }, i) => bytes / times[size * group.length + i].minimum / 1e9);
    return { bytes: SIZES[size], gigabytesPerSecond: Math.max(...own) };
  });
  return { peakGflops: peak.operations / peakTime.minimum / 1e9, bandwidths };
}

/**
 * Finds the highest bandwidth of arrays at least as large as the largest measured size that a kernel's traffic fills, 10⁹ bytes per
 * second.
 */
export function bandwidthOf({ bandwidths }: Pick<Limits, 'bandwidths'>, bytes: number): number {
  const first = Math.max(
    bandwidths.findLastIndex((one) => one.bytes <= bytes),
    0,
  );
  return Math.max(...bandwidths.slice(first).map(({ gigabytesPerSecond }) => gigabytesPerSecond));
}

/** A run through arrays, as kernels do that exist already: y + 0 · x in place, two reads and a write; and zeros, a write. */
function streamWorkloads(engine: Engine, size: number): (Workload & { readonly bytes: number })[] {
  const count = size / FLOAT_BYTES / 2;
  const arena = engine.createArena(2 * PROGRAM_WORDS + 2 * count);
  const [weights, gradient] = [2 * PROGRAM_WORDS, 2 * PROGRAM_WORDS + count];
  const streams: readonly (readonly [Step, number])[] = [
    [batch('weight_penalty', { weights, gradient, count, factor: 0 }), 3 * count],
    [batch('fill_zero', { offset: weights, count: 2 * count }), 2 * count],
  ];
  return streams.map(([step, floats], i) => {
    arena.integers.set(encodeProgram([step]), i * PROGRAM_WORDS);
    const run = () => arena.run(0, i * PROGRAM_WORDS, 1);
    return { samples: 0, operations: 0, bytes: FLOAT_BYTES * floats, run };
  });
}
