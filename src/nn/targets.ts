import type { Samples } from './samples.ts';
import type { TrainingConfig } from './training-config.ts';

/** What the labels ask for, [sample][class]: 1 − smoothing on the label and smoothing / classes everywhere. */
export function trainingTargets(
  { labels, classes }: Samples,
  { labelSmoothing }: TrainingConfig,
): Float32Array {
  const targets = new Float32Array(labels.length * classes).fill(labelSmoothing / classes);
  labels.forEach((label, sample) => {
    targets[sample * classes + label] += 1 - labelSmoothing;
  });
  return targets;
}
