import type { MemberWeights } from './combine.ts';

/** What a member is worth for a class; see `confidenceWeights`. */
export const RELIABILITIES = ['recall', 'precision', 'probability'] as const;
export type Reliability = (typeof RELIABILITIES)[number];

/** What several networks make of the same labelled samples. */
export interface Answers {
  /** Of each member, [index][class]. */
  readonly probabilities: readonly Float32Array[];
  /** Class of each sample, [index]. */
  readonly labels: Uint8Array;
  readonly classes: number;
}

/** Every member weighs the same: w[m] = 1 / M. */
export function equalWeights(members: number, classes: number): MemberWeights {
  return Array.from({ length: members }, () => new Array<number>(classes).fill(1 / members));
}

/**
 * By overall accuracy: w[m] = A[m]^k / Σ A[j]^k, with A[m] the share of the samples that the member gets right. Where all
 * of them get all wrong, they weigh the same.
 *
 * @param sharpness k, a whole number from 1: accuracies of one task lie close together, so that k = 1 hardly weighs.
 */
export function accuracyWeights(answers: Answers, sharpness = 1): MemberWeights {
  const { probabilities, labels, classes } = answers;
  const worths = probabilities.map((values) => {
    const predictions = likeliest(values, classes);
    const right = predictions.reduce((sum, k, i) => sum + Number(k === labels[i]), 0);
    return integerPower(right / labels.length, sharpness);
  });
  const sum = worths.reduce((a, b) => a + b, 0);
  if (sum === 0) return equalWeights(probabilities.length, classes);
  return worths.map((worth) => new Array<number>(classes).fill(worth / sum));
}

/**
 * By confidence in each class: W[m][c] = q[m][c] / Σ q[j][c], with q how reliable the member is where the class is
 * concerned: `recall`, how often it is right on samples of c; `precision`, how often it is right when it says c;
 * `probability`, its mean p(c) over samples of c. All are smoothed as (hits + a) / (n + 2a), towards a half, so that a rare class
 * of few samples does not give extreme weights, and one of none equal ones.
 *
 * @param smoothing a, above 0
 */
export function confidenceWeights(
  { probabilities, labels, classes }: Answers,
  reliability: Reliability = 'recall',
  smoothing = 1,
): MemberWeights {
  const reliabilities = probabilities.map((values) => {
    const predictions = likeliest(values, classes);
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

/** The likeliest class of each sample, the first of equal ones. */
function likeliest(probabilities: Float32Array, classes: number): Uint8Array {
  return Uint8Array.from({ length: probabilities.length / classes }, (_, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    return Math.max(0, row.indexOf(Math.max(...row)));
  });
}

/** By multiplication, which rounds the same everywhere. */
function integerPower(base: number, exponent: number): number {
  let power = 1;
  for (let n = 0; n < exponent; n++) power *= base;
  return power;
}
