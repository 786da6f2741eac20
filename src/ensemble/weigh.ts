import type { MemberWeights } from './combine.ts';

/** How the reliability of a member for a class is measured; see `confidenceWeights`. */
export const RELIABILITIES = ['recall', 'precision', 'probability'] as const;
export type Reliability = (typeof RELIABILITIES)[number];

/** The predictions of several networks for the same labelled samples. */
export interface Answers {
  /** Probabilities of each member, [index][class]. */
  readonly probabilities: readonly Float32Array[];
  /** Class of each sample, [index]. */
  readonly labels: Uint8Array;
  readonly classes: number;
}

/** Weighs all members equally: w[m] = 1 / M. */
export function equalWeights(members: number, classes: number): MemberWeights {
  return Array.from({ length: members }, () => new Array<number>(classes).fill(1 / members));
}

/**
 * Weighs members by overall accuracy: w[m] = A[m]^k / Σ A[j]^k, where A[m] is the share of the samples that the member gets
 * right. If all members get all samples wrong, they weigh the same.
 *
 * @param sharpness k, a whole number from 1: accuracies of one task are close together, so that k = 1 hardly weighs
 */
export function accuracyWeights(answers: Answers, sharpness = 1): MemberWeights {
  const { probabilities, labels, classes } = answers;
  const worths = probabilities.map((values) => {
    const predictions = mostProbable(values, classes);
    const right = predictions.reduce((sum, k, i) => sum + Number(k === labels[i]), 0);
    return integerPower(right / labels.length, sharpness);
  });
  const sum = worths.reduce((a, b) => a + b, 0);
  if (sum === 0) return equalWeights(probabilities.length, classes);
  return worths.map((worth) => new Array<number>(classes).fill(worth / sum));
}

/**
 * Weighs members by their reliability for each class: W[m][c] = q[m][c] / Σ q[j][c], where q is `recall`, how often the member is
 * right on samples of c; `precision`, how often it is right when it predicts c; or `probability`, its mean p(c) over samples of
 * c. All are smoothed as (hits + a) / (n + 2a), towards a half, so that a class with few samples does not get extreme weights,
 * and one with none gets equal ones.
 *
 * @param smoothing a, above 0
 */
export function confidenceWeights(
  { probabilities, labels, classes }: Answers,
  reliability: Reliability = 'recall',
  smoothing = 1,
): MemberWeights {
  const reliabilities = probabilities.map((values) => {
    const predictions = mostProbable(values, classes);
    const hits = new Array<number>(classes).fill(0);
    const counts = new Array<number>(classes).fill(0);
    for (const [i, label] of labels.entries()) {
      counts[reliability === 'precision' ? predictions[i] : label]++;
      hits[label] +=
        reliability === 'probability' ? values[i * classes + label] : Number(predictions[i] === label);
    }
    return hits.map((hit, k) => (hit + smoothing) / (counts[k] + 2 * smoothing));
  });
  const sums = Array.from({ length: classes }, (_, k) => reliabilities.reduce((sum, row) => sum + row[k], 0));
  return reliabilities.map((row) => row.map((value, k) => value / sums[k]));
}

/** Finds the most probable class of each sample, the first of equal ones. */
function mostProbable(probabilities: Float32Array, classes: number): Uint8Array {
  return Uint8Array.from({ length: probabilities.length / classes }, (_, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    return Math.max(0, row.indexOf(Math.max(...row)));
  });
}

/** Computes a power by multiplication, which rounds the same on all machines. */
function integerPower(base: number, exponent: number): number {
  let power = 1;
  for (let n = 0; n < exponent; n++) power *= base;
  return power;
}
