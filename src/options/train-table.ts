import * as z from 'zod';
import { strictOptions } from '../core/parse.ts';
import type { Genome } from '../genome/genome.ts';
import { GREY_LEVELS } from '../network/levels.ts';
import type { Engine } from '../nn/engine.ts';
import { type TrainingConfig, trainingConfigSchema } from '../nn/training-config.ts';
import { option } from './option.ts';
import { CONVOLUTION, DATASET, ENGINE, SEED, SIGNAL, TEACHER } from './shared-options.ts';

const config = trainingConfigSchema.shape;
const epochs = config.epochs.default(30);
const shift = config.shift.unwrap().default(1);
const convolution = config.convolution.unwrap().prefault('winograd');

const TRAINING = {
  epochs: option(epochs, { flag: { help: 'Maximum passes over the training rows' } }),
  initialization: option(z.enum(['he', 'glorot']).default('he'), {
    flag: {
      help: "Scale of the initial weights: 'he', for layers with ReLU, or 'glorot' (Xavier), smaller, as for microExpNet.",
      read: (word) => (word === 'he' ? undefined : word),
    },
  }),
  batchSize: option(config.batchSize, {
    flag: { help: 'Faces per step, a multiple of 16; smaller if the training faces do not fill one batch' },
  }),
  optimizer: option(config.optimizer, {
    flag: {
      help: "'adamw' (Adam with decoupled weight decay) or 'sgd' (gradient descent with Nesterov momentum 0.9).",
    },
  }),
  learningRate: option(config.learningRate, { flag: { placeholder: 'RATE', help: 'Maximum learning rate' } }),
  schedule: option(config.schedule, {
    flag: {
      help:
        "The learning rate after its warm-up: 'constant', half a 'cosine' to 0, or 'plateau', a third each time the " +
        'validation loss stalls for three epochs.',
    },
  }),
  weightDecay: option(config.weightDecay, {
    flag: { placeholder: 'SHARE', help: 'Decoupled weight decay; with 0, adamw is Adam' },
  }),
  patience: option(config.patience, {
    flag: {
      help: 'Stop training after N epochs without a lower validation loss; 0 for never',
    },
  }),
  averaging: option(config.averaging, {
    flag: {
      placeholder: 'DECAY',
      help: 'Decay per step of a moving average of the weights, which then predicts, as 0.999; 0 for none',
      default: '0',
    },
  }),
  classWeights: option(config.classWeights, {
    flag: {
      help: 'Weight all classes equally in the loss, however few faces they have.',
      sets: 'balanced',
    },
  }),
  convolution: CONVOLUTION,
};

const AUGMENTATION = {
  flip: option(config.flip, { flag: { help: 'Do not flip faces left to right at random.' } }),
  shift: option(shift, { flag: { placeholder: 'PIXELS', help: 'Maximum random shift in x and y' } }),
  rotation: option(config.rotation, {
    flag: { placeholder: 'DEGREES', help: 'Maximum random rotation to either side', default: '0' },
  }),
  zoom: option(config.zoom, {
    flag: { placeholder: 'SHARE', help: 'Maximum random zoom in and out', default: '0' },
  }),
};

const configSchema = strictOptions({ ...config, epochs, shift, convolution }).prefault({});

/** Every option of the training of one network. */
export const TRAIN_TABLE = {
  /** The training rows are learned from, the validation rows choose the epoch. Test rows are not touched. */
  dataset: DATASET,
  /** Name of a network of the zoo; that or a genome. */
  network: option(z.string().optional(), {
    flag: {
      placeholder: 'NAME',
      help:
        "A network of the literature, as 'miniXception', 'tinyXception', 'microExpNet', 'agrawalMittal' or 'ferDeep', " +
        "or 'baseline'.",
    },
  }),
  /** A genome, whose network is trained instead. */
  genome: option(z.custom<Genome>().optional()),
  /** How the network reads grey levels. @defaultValue as it was published; genomes 'normalized' */
  levels: option(z.enum(GREY_LEVELS).optional(), {
    flag: {
      help:
        "The input of the network: 'normalized' by the mean and standard deviation of each face, 'signed' from −1 to 1, or " +
        "'raw' from 0 to 255. microExpNet learns best with 'normalized'.",
      default: "as published; for genomes 'normalized'",
    },
  }),
  /** How to train. @defaultValue 30 epochs with shifts by a pixel; else as `TrainingConfig` says */
  config: option(configSchema as z.ZodType<TrainingConfig, Partial<TrainingConfig> | undefined>, {
    fields: { ...TRAINING, ...AUGMENTATION },
  }),
  /** What to learn from beside the labels. Its answers are kept in the folder. */
  teacher: TEACHER,
  /** Where the model and after each epoch a checkpoint are kept. The same training goes on from what it finds there. */
  folder: option(z.string().min(1).optional(), {
    flag: {
      name: 'out',
      placeholder: 'DIR',
      help: 'The folder for the model and the checkpoint: new, or that of the same training.',
    },
  }),
  /** Equal seeds give equal results. @defaultValue 'evopatch' */
  seed: SEED,
  /** Threads that share every step, this one included; the result is the same for any number. @defaultValue 1 */
  threads: option(z.int().min(1).max(1024).default(1), {
    flag: {
      help: 'Threads that share every step; the model does not depend on their number',
      default: 'one per core',
    },
  }),
  /** What runs the network, or its name as in `openEngine`. @defaultValue 'auto' */
  engine: option(
    z.union([ENGINE.schema.unwrap(), z.custom<Engine>((value) => typeof value === 'object')]).default('auto'),
    { flag: ENGINE.flag },
  ),
  /** Whether the folder may hold other files, as long as none is in the way of the training's. @defaultValue false */
  force: option(z.boolean().default(false)),
  /** Stops between two steps with an `ABORTED` error. */
  signal: SIGNAL,
};

/** Options by their heading in the help. */
export const TRAIN_GROUPS = {
  Training: TRAINING,
  Augmentation: AUGMENTATION,
  Distillation: { teacher: TEACHER },
};
