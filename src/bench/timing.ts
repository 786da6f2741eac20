import type { Workload } from './workload.ts';

/** Median, least and most of several measurements. */
export interface Spread {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface TimingOptions {
  /** Measurements of each workload. */
  readonly rounds: number;
  /** Least time of one measurement, seconds. */
  readonly seconds: number;
}

/**
 * Seconds of one run of each workload. The workloads take turns, round after round, so that whatever else the machine
 * does at a time slows them all; before, each runs until it is compiled and warm.
 */
export function timeInTurns(workloads: readonly Workload[], { rounds, seconds }: TimingOptions): Spread[] {
  const runs = workloads.map((workload) => runsThatLast(workload, seconds));
  const times = workloads.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, workload] of workloads.entries()) {
      times[index].push(timeOf(workload, runs[index]) / runs[index]);
    }
  }
  return times.map(spreadOf);
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return { median, minimum: sorted[0], maximum: sorted[sorted.length - 1] };
}

/** How many runs take at least this long, found by doubling; this warms up too. */
function runsThatLast(workload: Workload, seconds: number): number {
  for (let runs = 1; ; runs *= 2) {
    if (timeOf(workload, runs) >= 2 * seconds) return Math.ceil(runs / 2);
  }
}

function timeOf(workload: Workload, runs: number): number {
  const start = performance.now();
  for (let run = 0; run < runs; run++) workload.run();
  return (performance.now() - start) / 1000;
}
