import { log } from '../core/portable-math.ts';
import { measure } from '../nn/measure.ts';

/** Adds up a network's answers over the samples of each class, [class]. */
export interface ClassSums {
  readonly samples: Uint32Array;
  /** Samples whose true class was predicted. */
  readonly right: Uint32Array;
  /** Sums of the negative log-likelihoods, nats; probabilities below 1e-7 count as 1e-7. */
  readonly loss: Float64Array;
  /** The predicted class of each sample, [index]. */
  readonly predictions: Uint8Array;
}

/** Scores a network on all faces, or on those of one class. */
export interface Scores {
  readonly samples: number;
  readonly accuracy: number;
  /** Mean negative log-likelihood, nats. */
  readonly loss: number;
}

/** Scores probabilities, [index][class], by the true class of the samples at these indices of `labels`. */
export function classSums(
  probabilities: Float32Array,
  labels: Uint8Array,
  indices: Uint32Array,
  classes: number,
): ClassSums {
  const { predictions } = measure(probabilities, labels, indices, classes);
  const samples = new Uint32Array(classes);
  const right = new Uint32Array(classes);
  const loss = new Float64Array(classes);
  for (const [i, sample] of indices.entries()) {
    const label = labels[sample];
    samples[label]++;
    if (predictions[i] === label) right[label]++;
    loss[label] -= log(Math.max(probabilities[i * classes + label], 1e-7));
  }
  return { samples, right, loss, predictions };
}

/** Computes the scores over all classes, or on one; they are 0 on a class without samples. */
export function scoresOf({ samples, right, loss }: ClassSums, label?: number): Scores {
  const of = (counts: ArrayLike<number>) => {
    return label === undefined ? Array.from(counts).reduce((sum, count) => sum + count, 0) : counts[label];
  };
  const count = of(samples);
  const share = (sum: number) => (count === 0 ? 0 : sum / count);
  return { samples: count, accuracy: share(of(right)), loss: share(of(loss)) };
}
