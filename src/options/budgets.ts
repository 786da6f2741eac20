import type { TrainingConfig } from '../nn/training-config.ts';

/** How many of the training samples a training run sees, and how it trains on them. */
export interface TrainingBudget extends TrainingConfig {
  /** Most samples to train on; a stratified choice where there are more. */
  readonly samples: number;
}

/** Share of the training rows that fitness evaluations train on; they are measured on the others. */
export const INNER_SHARE = 0.85;

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
  convolution: 'winograd',
} as const;

/**
 * Training of a fitness evaluation: short, and without augmentation, which only slows such short runs down. About
 * 60,000 samples are seen; small data sets are gone through more often.
 *
 * @param trainingRows number of training rows of the data set
 */
export function defaultFitnessTraining(trainingRows: number): TrainingBudget {
  const samples = Math.min(Math.max(trainingRows, 1), 20_000);
  const epochs = Math.min(12, Math.max(3, Math.round(60_000 / samples)));
  return { ...RECIPE, samples, epochs, flip: false, shift: 0 };
}

/** Samples that a full training sees at least, where the most passes allow it: small networks learn slowly on small data. */
const FINAL_SAMPLES = 250_000;

/**
 * Training of the finalists, the baseline and the controls: on all rows, with light augmentation (flips, and shifts by a
 * pixel, which are jitter of the nose: every patch moves with it); 20 epochs, and up to 60 for small data sets. See also
 * `finalTrainingOf`.
 *
 * @param trainingRows number of training rows of the data set
 */
export function defaultFinalTraining(trainingRows: number): TrainingBudget {
  const samples = Math.max(trainingRows, 1);
  const epochs = Math.min(60, Math.max(20, Math.round(FINAL_SAMPLES / samples)));
  return { ...RECIPE, samples, epochs, flip: true, shift: 1 };
}

/** Networks with fewer parameters are small. */
const SMALL = 10_000;
/** By this much faster do small networks learn in full trainings; larger ones gain nothing by it. */
const SMALL_RATE = 3;

/** Raises the learning rate of a full training for small networks. */
export function finalTrainingOf(config: TrainingConfig, parameters: number): TrainingConfig {
  const { learningRate } = config;
  return { ...config, learningRate: parameters < SMALL ? SMALL_RATE * learningRate : learningRate };
}
