import { exp } from '../core/portable-math.ts';
import type { Samples } from './samples.ts';
import type { Teacher } from './teacher.ts';
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

/** softmax(v / T) of a teacher's logits v, [sample][class]. */
export function softenedTargets(
  { logits, temperature }: Pick<Teacher, 'logits' | 'temperature'>,
  classes: number,
): Float32Array {
  const targets = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const highest = Math.max(...row);
    const powers = Array.from(row, (logit) => exp((logit - highest) / temperature));
    const sum = powers.reduce((a, b) => a + b, 0);
    for (const [k, power] of powers.entries()) targets[start + k] = power / sum;
  }
  return targets;
}
