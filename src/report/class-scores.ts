import { proportionInterval } from '../core/comparison.ts';
import { EvopatchError } from '../core/errors.ts';
import { type Dataset, indicesOf } from '../data/dataset.ts';
import { samplesOf } from '../fitness/evaluate.ts';
import type { Network } from '../nn/network.ts';
import type { NetworkClassScores } from './report-data.ts';

/**
 * Counts how often each class is taken for each other.
 *
 * @param predictions the class given to each validation row, in their order
 * @throws EvopatchError `INVALID_RUN` where their number is not that of the validation rows.
 */
export function classScoresOf(
  network: NetworkClassScores['network'],
  predictions: Uint8Array,
  dataset: Dataset,
): NetworkClassScores {
  const validation = indicesOf(dataset, 'validation');
  if (predictions.length !== validation.length) {
    const problem = `the run has ${predictions.length} predictions for ${validation.length} validation rows`;
    throw new EvopatchError('INVALID_RUN', problem, { option: network });
  }
  const classes = dataset.classes.length;
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  validation.forEach((sample, row) => {
    confusion[dataset.labels[sample]][predictions[row]]++;
  });
  const correct = confusion.reduce((sum, row, label) => sum + row[label], 0);
  const accuracy = correct / validation.length;
  return {
    network,
    samples: validation.length,
    accuracy,
    interval95: proportionInterval(accuracy, validation.length),
    confusion,
  };
}

/** Predicts the most probable class of each validation row. */
export function predictValidation(network: Network, dataset: Dataset): Uint8Array {
  const validation = indicesOf(dataset, 'validation');
  const classes = dataset.classes.length;
  const probabilities = network.predict(samplesOf(dataset), validation);
  return Uint8Array.from(validation, (_, row) => {
    const shares = probabilities.subarray(row * classes, (row + 1) * classes);
    return shares.indexOf(Math.max(...shares));
  });
}
