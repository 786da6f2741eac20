import type { Workload } from './workload.ts';

/** Median, minimum and maximum of several measurements. */
export interface Spread {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface TimingOptions {
  /** Measurements of each workload. */
  readonly rounds: number;
  /** Minimum time of one measurement. */
  readonly seconds: number;
}

/**
 * Measures the seconds of one run of each workload. The workloads take turns, round after round, so that other load on the
 * machine slows all of them; each is warmed up first.
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

/** Finds by doubling how many runs take at least this long, which also warms up. */
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
