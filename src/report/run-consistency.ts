import { genomeBoundsSchema } from '../genome/bounds.ts';
import { type BoundedRun, type Consistency, consistencyOf } from '../maps/consistency.ts';
import type { ReportRun } from './report-data.ts';

/** Measures how far the chosen genomes of runs read the same pixels, for the runs whose bounds are known. */
export function runConsistency(runs: readonly ReportRun[]): Consistency | null {
  const [first] = runs;
  const bounded = runs.flatMap(({ best, dataset: { frame, classes }, settings }): BoundedRun[] => {
    if (best === null || frame.size !== first.dataset.frame.size) return [];
    const { bounds: given } = settings.options;
    const own = typeof given === 'object' && given !== null ? given : {};
    const bounds = genomeBoundsSchema.safeParse({ ...own, frame, classes: classes.length });
    return bounds.success ? [{ genomes: [best.genome], bounds: bounds.data }] : [];
  });
  return bounded.length < 2 ? null : consistencyOf({ runs: bounded });
}
