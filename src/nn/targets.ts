import { exp } from '../core/portable-math.ts';
import type { Samples } from './samples.ts';
import type { Teacher } from './teacher.ts';
import type { TrainingConfig } from './training-config.ts';

/**
 * Computes the target probabilities of the labels, [sample][class]: 1 − smoothing on the label plus smoothing / classes
 * everywhere, times the weight of the class.
 */
export function trainingTargets(
  { labels, classes }: Samples,
  training: Uint32Array,
  { labelSmoothing, classWeights }: TrainingConfig,
): Float32Array {
  const weights =
    classWeights === 'balanced'
      ? balancedWeights({ labels, classes }, training)
      : new Array<number>(classes).fill(1);
  const targets = new Float32Array(labels.length * classes);
  labels.forEach((label, sample) => {
    const row = targets.subarray(sample * classes, (sample + 1) * classes).fill(labelSmoothing / classes);
    row[label] += 1 - labelSmoothing;
    if (weights[label] !== 1) for (let k = 0; k < classes; k++) row[k] *= weights[label];
  });
  return targets;
}

/** Computes class weights that give all classes that occur the same total. Their mean over the samples is 1. */
function balancedWeights(
  { labels, classes }: Pick<Samples, 'labels' | 'classes'>,
  training: Uint32Array,
): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const sample of training) counts[labels[sample]]++;
  const occurring = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 0 : training.length / (occurring * count)));
}

/** Computes softmax(v / T) of a teacher's logits v, [sample][class]. */
export function softenedTargets(
  { logits, temperature }: Pick<Teacher, 'logits' | 'temperature'>,
  classes: number,
): Float32Array {
  const targets = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const maximum = Math.max(...row);
    const powers = Array.from(row, (logit) => exp((logit - maximum) / temperature));
    const sum = powers.reduce((a, b) => a + b, 0);
    for (const [k, power] of powers.entries()) targets[start + k] = power / sum;
  }
  return targets;
}
