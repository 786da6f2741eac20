import { GREY_LEVELS } from '../network/levels.ts';
import { DATA_OPTIONS, type OptionTable, type OptionValues } from './command.ts';
import { TRAINING_FOLDER } from './output-forms.ts';
import { ENGINE_OPTION, TEACHER_OPTIONS } from './shared-options.ts';

export const LEVELS_OPTION = {
  kind: 'text',
  placeholder: 'NAME',
  choices: GREY_LEVELS,
  description:
    "The input of the network: 'normalized' by the mean and standard deviation of each face, 'signed' from −1 to 1, or " +
    "'raw' from 0 to 255. microExpNet learns best with 'normalized'.",
  default: "as published; for genomes 'normalized'",
} as const;

const RUN = {
  network: {
    kind: 'text',
    placeholder: 'NAME',
    description:
      "A network of the literature, as 'miniXception', 'tinyXception', 'microExpNet', 'agrawalMittal' or 'ferDeep', " +
      "or 'baseline'.",
  },
  genome: {
    kind: 'text',
    placeholder: 'FILE',
    input: 'file',
    description: 'A genome as JSON, to train its network instead.',
  },
  levels: LEVELS_OPTION,
  ...DATA_OPTIONS,
  data: { ...DATA_OPTIONS.data, required: true },
  out: {
    kind: 'text',
    placeholder: 'DIR',
    output: TRAINING_FOLDER,
    description: 'The folder for the model and the checkpoint: a new one, or that of the same training.',
    required: true,
  },
  seed: {
    kind: 'text',
    placeholder: 'TEXT',
    description: 'Seed of everything random; equal seeds give equal results.',
    default: 'evopatch',
  },
  threads: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 1024,
    description: 'Threads that share every step; the model does not depend on their number',
    default: 'one per core',
  },
  engine: ENGINE_OPTION,
} as const satisfies OptionTable;

const TRAINING = {
  epochs: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 10_000,
    description: 'Maximum passes over the training rows',
    default: '30',
  },
  initialization: {
    kind: 'text',
    placeholder: 'NAME',
    choices: ['he', 'glorot'],
    description:
      "Scale of the initial weights: 'he', for layers with ReLU, or 'glorot' (Xavier), smaller, as for microExpNet.",
    default: 'he',
  },
  'batch-size': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 16,
    maximum: 4096,
    description: 'Faces per step, a multiple of 16; smaller if the training faces do not fill one batch',
    default: '64',
  },
  optimizer: {
    kind: 'text',
    placeholder: 'NAME',
    choices: ['adamw', 'sgd'],
    description:
      "'adamw' (Adam with decoupled weight decay) or 'sgd' (gradient descent with Nesterov momentum 0.9).",
    default: 'adamw',
  },
  'learning-rate': {
    kind: 'number',
    placeholder: 'RATE',
    minimum: 0,
    maximum: 10,
    description: 'Maximum learning rate',
    default: '0.003',
  },
  schedule: {
    kind: 'text',
    placeholder: 'NAME',
    choices: ['constant', 'cosine', 'plateau'],
    description:
      "The learning rate after its warm-up: 'constant', half a 'cosine' to 0, or 'plateau', a third each time the " +
      'validation loss stalls for three epochs.',
    default: 'cosine',
  },
  'weight-decay': {
    kind: 'number',
    placeholder: 'SHARE',
    minimum: 0,
    maximum: 1,
    description: 'Decoupled weight decay; with 0, adamw is Adam',
    default: '0.001',
  },
  patience: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 0,
    description: 'Stop training after N epochs without a lower validation loss; 0 for never',
    default: '0',
  },
  averaging: {
    kind: 'number',
    placeholder: 'DECAY',
    minimum: 0,
    maximum: 0.99999,
    description:
      'Decay per step of a moving average of the weights, which then predicts, as 0.999; 0 for none',
    default: '0',
  },
  'class-weights': {
    kind: 'flag',
    description: 'Weight all classes equally in the loss, however few faces they have.',
  },
} as const satisfies OptionTable;

const AUGMENTATION = {
  'no-flip': { kind: 'flag', description: 'Do not flip faces left to right at random.' },
  shift: {
    kind: 'integer',
    placeholder: 'PIXELS',
    minimum: 0,
    maximum: 16,
    description: 'Maximum random shift in x and y',
    default: '1',
  },
  rotation: {
    kind: 'number',
    placeholder: 'DEGREES',
    minimum: 0,
    maximum: 45,
    description: 'Maximum random rotation to either side',
    default: '0',
  },
  zoom: {
    kind: 'number',
    placeholder: 'SHARE',
    minimum: 0,
    maximum: 0.5,
    description: 'Maximum random zoom in and out',
    default: '0',
  },
} as const satisfies OptionTable;

export const TRAIN_OPTIONS = {
  ...RUN,
  ...TRAINING,
  ...AUGMENTATION,
  ...TEACHER_OPTIONS,
} as const satisfies OptionTable;

export type TrainValues = OptionValues<typeof TRAIN_OPTIONS>;

/** Options by their heading in the help. */
export const TRAIN_HEADINGS: Readonly<Record<string, readonly string[]>> = {
  Training: Object.keys(TRAINING),
  Augmentation: Object.keys(AUGMENTATION),
  Distillation: Object.keys(TEACHER_OPTIONS),
};
