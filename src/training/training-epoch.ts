import type { EpochRecord } from '../nn/training.ts';

/** An epoch of a training whose validation rows are measured after each. */
export interface TrainingEpoch extends EpochRecord {
  readonly validationLoss: number;
  /** Share of right answers. */
  readonly validationAccuracy: number;
}

/** The epoch of the highest validation accuracy, of equal ones that of the lowest loss, of equal ones the first. */
export function bestEpoch(epochs: readonly TrainingEpoch[]): TrainingEpoch {
  const better = (a: TrainingEpoch, b: TrainingEpoch) =>
    a.validationAccuracy - b.validationAccuracy || b.validationLoss - a.validationLoss;
  return epochs.reduce((best, epoch) => (better(epoch, best) > 0 ? epoch : best));
}
