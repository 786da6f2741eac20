import type { TrainingBudget } from './options.ts';

/** The recipe that trials on FER2013 favoured: AdamW with a short warm-up and a cosine down to zero. */
const RECIPE = {
  batchSize: 64,
  optimizer: 'adamw',
  learningRate: 3e-3,
  schedule: 'cosine',
  warmup: 0.1,
  weightDecay: 1e-3,
  clipNorm: 0,
  labelSmoothing: 0,
  patience: 0,
} as const;

/**
 * Training of a fitness evaluation: short, and without augmentation, which only slows such short runs down. Small
 * data sets get more epochs.
 *
 * @param trainingRows number of training rows of the data set
 */
export function defaultFitnessTraining(trainingRows: number): TrainingBudget {
  const samples = Math.max(1, Math.min(trainingRows, 10_000));
  const epochs = Math.min(8, Math.max(3, Math.round(10_000 / samples)));
  return { ...RECIPE, samples, epochs, flip: false, shift: 0 };
}

/** Training of the finalists, the baseline and the control: long, on all rows, with light augmentation. */
export function defaultFinalTraining(trainingRows: number): TrainingBudget {
  const epochs = Math.min(20, Math.max(15, Math.round(500_000 / trainingRows)));
  return { ...RECIPE, samples: trainingRows, epochs, flip: true, shift: 1 };
}
