import { z } from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { LANES } from './layout.ts';

const share = z.number().min(0).max(1);

/** How a network is trained. Plain data: part of what a fitness is a function of. */
export const trainingConfigSchema = z.strictObject({
  /** Passes over the training samples. */
  epochs: z.int().min(1).max(10_000),
  /** Samples of a step; a multiple of 16. Samples that do not fill a last batch wait for the next shuffle. */
  batchSize: z.int().min(LANES).max(4096).multipleOf(LANES).default(64),
  /** AdamW (Loshchilov & Hutter 2019) with β = 0.9, 0.999, or gradient descent with Nesterov momentum 0.9. */
  optimizer: z.enum(['adamw', 'sgd']).default('adamw'),
  /** Highest learning rate. */
  learningRate: z.number().positive().max(10).default(3e-3),
  /** What follows the warm-up: the same rate, half a cosine to 0, or a third each time the loss stalls for 3 epochs. */
  schedule: z.enum(['constant', 'cosine', 'plateau']).default('cosine'),
  /** Share of all steps over which the rate climbs from 0. */
  warmup: share.default(0.1),
  /** Decoupled from the gradient; weights only, not biases and normalisation. */
  weightDecay: z.number().min(0).max(1).default(1e-3),
  /** Longest gradient (Euclidean norm); 0 for no limit. */
  clipNorm: z.number().min(0).default(0),
  /** Share of the target probability that is spread over all classes (Szegedy et al. 2016, section 7). */
  labelSmoothing: z.number().min(0).max(0.99).default(0),
  /** Whether samples are flipped left to right with probability ½. */
  flip: z.boolean().default(true),
  /** Largest random shift in x and y, pixels. */
  shift: z.int().min(0).max(16).default(0),
  /** Epochs without a lower validation loss after which training stops; the best weights are kept. 0: never. */
  patience: z.int().min(0).default(0),
  // What follows is left out where it is off, so that a configuration without it is the same data as before it was there.
  /** Scale of the first weights. Left out: He et al. 2015; 'glorot': Glorot & Bengio 2010, known as Xavier. */
  initialization: z.enum(['glorot']).optional(),
  /** Largest random rotation to either side, degrees, about the middle of the frame. */
  rotation: z.number().min(0).max(45).optional(),
  /** Largest random zoom in and out, as a share of the size, about the middle of the frame. */
  zoom: z.number().min(0).max(0.5).optional(),
  /**
   * How a sample counts in the loss. 'balanced': by training samples / (classes · training samples of its class), so that
   * all classes count alike (King & Zeng 2001, on weighting). Left out: all samples alike.
   */
  classWeights: z.enum(['balanced']).optional(),
  /**
   * Decay of a moving average of the weights over the steps, which is what predicts (Polyak & Juditsky 1992; Tarvainen &
   * Valpola 2017, section 2). Early on it is (1 + steps) / (10 + steps) where that is less, so that the random start is
   * forgotten. 0 or left out: the weights themselves predict.
   */
  averaging: z.number().min(0).max(0.99999).optional(),
});

/**
 * Samples of a step: as many as are asked for, or the largest multiple of 16 that there are; fewer than 16 are repeated.
 *
 * @param samples those to learn from.
 */
export function fittingBatch(batchSize: number, samples: number): number {
  return Math.min(batchSize, LANES * Math.max(1, Math.floor(samples / LANES)));
}

export type TrainingConfig = z.output<typeof trainingConfigSchema>;

/**
 * Fills in the defaults: `trainingConfig({ epochs: 3 })`.
 *
 * @throws EvopatchError `INVALID_OPTION` that names the field.
 */
export function trainingConfig(config: z.input<typeof trainingConfigSchema>): TrainingConfig {
  const parsed = trainingConfigSchema.safeParse(config);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const option = issue.path.join('.');
  const given = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown>)?.[key],
    config,
  );
  throw new EvopatchError('INVALID_OPTION', issue.message, { option, given });
}
