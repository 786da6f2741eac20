import { GREY_LEVELS } from '../network/levels.ts';
import { DATA_OPTIONS, type OptionTable, type OptionValues } from './command.ts';
import { TRAINING_FOLDER } from './output-forms.ts';
import { ENGINE_OPTION, TEACHER_OPTIONS } from './shared-options.ts';

export const LEVELS_OPTION = {
  kind: 'text',
  placeholder: 'NAME',
  choices: GREY_LEVELS,
  description:
    "How the network reads grey levels: 'normalized' by the mean and deviation of each face, 'signed' from −1 to 1, or " +
    "'raw' from 0 to 255. microExpNet learns best with 'normalized'.",
  default: 'as it was published; of genomes normalized',
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
    description: 'A genome as JSON, whose network is trained instead.',
  },
  levels: LEVELS_OPTION,
  ...DATA_OPTIONS,
  data: { ...DATA_OPTIONS.data, required: true },
  out: {
    kind: 'text',
    placeholder: 'DIR',
    output: TRAINING_FOLDER,
    description: 'The folder of the model and the checkpoint: new, or that of this same training.',
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
    description: 'Threads that share every step; the model is the same for any number',
    default: 'one for each processor',
  },
  engine: ENGINE_OPTION,
} as const satisfies OptionTable;

const TRAINING = {
  epochs: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 10_000,
    description: 'Most passes over the training rows',
    default: '30',
  },
  initialization: {
    kind: 'text',
    placeholder: 'NAME',
    choices: ['he', 'glorot'],
    description:
      "Scale of the first weights: 'he', for layers with ReLU, or 'glorot' (Xavier), smaller, as microExpNet was trained.",
    default: 'he',
  },
  'batch-size': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 16,
    maximum: 4096,
    description: 'Faces of a step, a multiple of 16; fewer where the training faces do not fill one',
    default: '64',
  },
  optimizer: {
    kind: 'text',
    placeholder: 'NAME',
    choices: ['adamw', 'sgd'],
    description:
      "'adamw' (Adam with decoupled weight decay) or 'sgd' (gradient descent, Nesterov momentum of 0.9).",
    default: 'adamw',
  },
  'learning-rate': {
    kind: 'number',
    placeholder: 'RATE',
    minimum: 0,
    maximum: 10,
    description: 'Highest learning rate',
    default: '0.003',
  },
  schedule: {
    kind: 'text',
    placeholder: 'NAME',
    choices: ['constant', 'cosine', 'plateau'],
    description:
      'What the learning rate does after its climb: stay, follow half a cosine to 0, or fall to a third each time the ' +
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
    placeholder: 'EPOCHS',
    minimum: 0,
    description: 'Epochs without a lower validation loss after which training stops; 0: never',
    default: '0',
  },
  averaging: {
    kind: 'number',
    placeholder: 'DECAY',
    minimum: 0,
    maximum: 0.99999,
    description: 'Let a moving average of the weights predict, with this decay a step, as 0.999; 0: none',
    default: '0',
  },
  'class-weights': {
    kind: 'flag',
    description: 'Let all classes count alike in the loss, however few faces they have.',
  },
} as const satisfies OptionTable;

const AUGMENTATION = {
  'no-flip': { kind: 'flag', description: 'Do not flip faces left to right at random.' },
  shift: {
    kind: 'integer',
    placeholder: 'PIXELS',
    minimum: 0,
    maximum: 16,
    description: 'Largest random shift in x and y',
    default: '1',
  },
  rotation: {
    kind: 'number',
    placeholder: 'DEGREES',
    minimum: 0,
    maximum: 45,
    description: 'Largest random rotation to either side',
    default: '0',
  },
  zoom: {
    kind: 'number',
    placeholder: 'SHARE',
    minimum: 0,
    maximum: 0.5,
    description: 'Largest random zoom in and out',
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

/** The options by what they are about; those of the run itself come before. */
export const TRAIN_HEADINGS: Readonly<Record<string, readonly string[]>> = {
  Training: Object.keys(TRAINING),
  Augmentation: Object.keys(AUGMENTATION),
  Distillation: Object.keys(TEACHER_OPTIONS),
};
