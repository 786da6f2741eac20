import { ENSEMBLE_METHODS } from '../../ensemble/fit-ensemble.ts';
import { SELECTION_GOALS } from '../../ensemble/select.ts';
import { RELIABILITIES } from '../../ensemble/weigh.ts';
import { DATA_OPTIONS, type OptionTable } from '../command.ts';
import { ENSEMBLE } from '../outputs/output-forms.ts';
import { ENGINE_OPTION, WORKERS_OPTION } from './shared-options.ts';

const WEIGHTS = {
  method: {
    kind: 'text',
    placeholder: 'NAME',
    choices: ENSEMBLE_METHODS,
    description:
      "How to combine the members: 'averaging' takes the mean of their probabilities, 'accuracy' weights them by their " +
      "accuracy, 'confidence' by their reliability for each class, 'voting' gives each a vote.",
    default: 'averaging',
  },
  reliability: {
    kind: 'text',
    placeholder: 'NAME',
    choices: RELIABILITIES,
    description:
      "The reliability for 'confidence': recall, precision, or the mean probability of the true class.",
    default: 'recall',
  },
  smoothing: {
    kind: 'number',
    placeholder: 'N',
    minimum: 0.001,
    description: "Hits and misses that 'confidence' adds to each class, to smooth rare classes",
    default: '1',
  },
  sharpness: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 100,
    description: "Exponent of the accuracies in the weights of 'accuracy'",
    default: '1',
  },
} as const satisfies OptionTable;

const SELECTION = {
  select: {
    kind: 'text',
    placeholder: 'GOAL',
    choices: SELECTION_GOALS,
    description:
      "Select the members greedily: each step adds the model that most improves the 'loss' or the 'accuracy'. A model may be " +
      "added several times; with 'averaging' it then counts as often.",
    default: 'all models are members',
  },
  'max-members': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 1000,
    description: 'Maximum number of models to add',
    default: '30',
  },
  'max-parameters': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description: 'Maximum parameters of the selected members in total',
    default: 'no limit',
  },
} as const satisfies OptionTable;

const TRAINING = {
  candidates: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description: "Genomes of the run's front to train, in order of their loss",
    default: 'all',
  },
  seeds: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 100,
    description: 'Trainings per genome, from different seeds',
    default: '1',
  },
  epochs: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 10_000,
    description: 'Passes over the training rows',
    default: "that of the run's finalists",
  },
  workers: { ...WORKERS_OPTION, default: "the run's" },
} as const satisfies OptionTable;

export const ENSEMBLE_OPTIONS = {
  model: {
    kind: 'text',
    many: true,
    placeholder: 'FILE',
    input: 'file',
    description: 'A saved model; may be given several times.',
  },
  run: { kind: 'text', placeholder: 'DIR', input: 'run', description: 'The folder of a run, for its front.' },
  out: {
    kind: 'text',
    placeholder: 'FILE',
    output: ENSEMBLE,
    description: 'The .safetensors file of the ensemble; it replaces an earlier ensemble.',
    required: true,
  },
  ...DATA_OPTIONS,
  align: { ...DATA_OPTIONS.align, default: "the models'" },
  engine: ENGINE_OPTION,
  ...WEIGHTS,
  ...SELECTION,
  ...TRAINING,
} as const satisfies OptionTable;

export const ENSEMBLE_HEADINGS: Readonly<Record<string, readonly string[]>> = {
  'Weights of the members': Object.keys(WEIGHTS),
  'Selection of the members': Object.keys(SELECTION),
  "Training of the run's front": Object.keys(TRAINING),
};
