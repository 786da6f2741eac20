import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { LANES } from './layout.ts';

/**
 * How training steps compute convolutions of 3×3 with stride 1: tap by tap, or by minimal filtering where that is faster
 * (Winograd; Lavin & Gray 2016). Predictions are always direct.
 */
export const convolutionSchema = z.enum(['winograd', 'direct']);
export type Convolution = z.output<typeof convolutionSchema>;

/** How content keys name Winograd's form: with the size of its tiles, on which the rounding depends. */
export const WINOGRAD_FORM = 'winograd F(4×4, 3×3)';

const share = z.number().min(0).max(1);

/** The configuration of a training. Plain data, on which a fitness depends. */
export const trainingConfigSchema = z.strictObject({
  /** Passes over the training samples. */
  epochs: z.int().min(1).max(10_000),
  /** Samples of a step; a multiple of 16. Samples that do not fill a last batch wait for the next shuffle. */
  batchSize: z.int().min(LANES).max(4096).multipleOf(LANES).default(64),
  /** AdamW (Loshchilov & Hutter 2019) with β = 0.9, 0.999, or gradient descent with Nesterov momentum 0.9. */
  optimizer: z.enum(['adamw', 'sgd']).default('adamw'),
  /** Maximum learning rate. */
  learningRate: z.number().positive().max(10).default(3e-3),
  /** The rate after the warm-up: constant, half a cosine to 0, or divided by 3 each time the loss stalls for 3 epochs. */
  schedule: z.enum(['constant', 'cosine', 'plateau']).default('cosine'),
  /** Share of all steps over which the rate rises from 0. */
  warmup: share.default(0.1),
  /** Decoupled from the gradient; weights only, not biases and normalisation. */
  weightDecay: z.number().min(0).max(1).default(1e-3),
  /** Maximum Euclidean norm of the gradient; 0 for no limit. */
  clipNorm: z.number().min(0).default(0),
  /** Share of the target probability that is spread over all classes (Szegedy et al. 2016, section 7). */
  labelSmoothing: z.number().min(0).max(0.99).default(0),
  /** Whether samples are flipped left to right with probability ½. */
  flip: z.boolean().default(true),
  /** Maximum random shift in x and y, pixels. */
  shift: z.int().min(0).max(16).default(0),
  /** Epochs without a lower validation loss after which training stops; the best weights are kept. 0: never. */
  patience: z.int().min(0).default(0),
  // Optional fields are absent when off, so that older configurations keep their hashes.
  /** Scale of the first weights. Left out: He et al. 2015; 'glorot': Glorot & Bengio 2010, known as Xavier. */
  initialization: z.enum(['glorot']).optional(),
  /** Maximum random rotation to either side, degrees, about the centre of the frame. */
  rotation: z.number().min(0).max(45).optional(),
  /** Maximum random zoom in and out, as a share of the size, about the centre of the frame. */
  zoom: z.number().min(0).max(0.5).optional(),
  /**
   * Weight of a sample in the loss. 'balanced': training samples / (classes · training samples of its class), so that all
   * classes count alike (King & Zeng 2001, on weighting). Left out: the same for all samples.
   */
  classWeights: z.enum(['balanced']).optional(),
  /**
   * Decay of a moving average of the weights over the steps; the average predicts (Polyak & Juditsky 1992; Tarvainen &
   * Valpola 2017, section 2). The decay is at most (1 + steps) / (10 + steps), so that the average forgets the random
   * start. 0 or left out: the weights themselves predict.
   */
  averaging: z.number().min(0).max(0.99999).optional(),
  /** Form of the convolutions in training steps, by which weights differ in their rounding. Left out: 'direct'. */
  convolution: convolutionSchema
    .transform((form): Convolution | undefined => (form === 'direct' ? undefined : form))
    .optional(),
});

/**
 * Limits the samples of a step to the largest multiple of 16 that the samples fill; fewer than 16 are repeated.
 *
 * @param samples number of samples to learn from
 */
export function limitBatchSize(batchSize: number, samples: number): number {
  return Math.min(batchSize, LANES * Math.max(1, Math.floor(samples / LANES)));
}

export type TrainingConfig = z.output<typeof trainingConfigSchema>;

/**
 * Fills in the defaults of a new training: `trainingConfig({ epochs: 3 })`.
 *
 * @throws EvopatchError `INVALID_OPTION` that names the field.
 */
export function trainingConfig(config: z.input<typeof trainingConfigSchema>): TrainingConfig {
  const parsed = trainingConfigSchema.safeParse({ ...config, convolution: config.convolution ?? 'winograd' });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const option = issue.path.join('.');
  const given = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown>)?.[key],
    config,
  );
  throw new EvopatchError('INVALID_OPTION', issue.message, { option, given });
}
