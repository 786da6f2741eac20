import { log } from '../core/portable-math.ts';

/** Scores of class probabilities against the labels. */
export interface Measurement {
  readonly samples: number;
  /** Mean negative log-likelihood, nats; probabilities below 1e-7 count as 1e-7. */
  readonly loss: number;
  /** Share of right answers. */
  readonly accuracy: number;
  /** Share of right answers in each class that occurs, averaged over these classes. */
  readonly balancedAccuracy: number;
  /** Counts of samples, [true class][predicted class]. */
  readonly confusion: readonly (readonly number[])[];
  /** The most probable class of each sample; the first of equal ones. */
  readonly predictions: Uint8Array;
}

/** Measures probabilities, [index][class], against the labels of the samples at `indices`. */
export function measure(
  probabilities: Float32Array,
  labels: Uint8Array,
  indices: Uint32Array,
  classes: number,
): Measurement {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const predictions = new Uint8Array(indices.length);
  let loss = 0;
  let right = 0;
  indices.forEach((sample, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    const predicted = row.indexOf(Math.max(...row));
    const label = labels[sample];
    // A row of NaN has no largest entry: it counts as wrong, and its loss is NaN.
    predictions[i] = predicted < 0 ? (label + 1) % classes : predicted;
    loss -= log(Math.max(row[label], 1e-7));
    confusion[label][predictions[i]]++;
    if (predictions[i] === label) right++;
  });
  const recalls = confusion
    .map((row, label) => ({ right: row[label], all: row.reduce((a, b) => a + b, 0) }))
    .filter(({ all }) => all > 0);
  return {
    samples: indices.length,
    loss: loss / indices.length,
    accuracy: right / indices.length,
    balancedAccuracy: recalls.reduce((sum, recall) => sum + recall.right / recall.all, 0) / recalls.length,
    confusion,
    predictions,
  };
}
