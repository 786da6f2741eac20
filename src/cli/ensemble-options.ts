import { ENSEMBLE_METHODS } from '../ensemble/fit-ensemble.ts';
import { SELECTION_GOALS } from '../ensemble/select.ts';
import { RELIABILITIES } from '../ensemble/weigh.ts';
import { DATA_OPTIONS, type OptionTable } from './command.ts';
import { ENSEMBLE } from './output-forms.ts';
import { ENGINE_OPTION, WORKERS_OPTION } from './shared-options.ts';

const WEIGHTS = {
  method: {
    kind: 'text',
    placeholder: 'NAME',
    choices: ENSEMBLE_METHODS,
    description:
      "How members become one answer: 'averaging' is the mean of their probabilities, 'accuracy' weighs them by their " +
      "accuracy, 'confidence' by how reliable each is for each class, 'voting' gives each a vote.",
    default: 'averaging',
  },
  reliability: {
    kind: 'text',
    placeholder: 'NAME',
    choices: RELIABILITIES,
    description: "What 'confidence' means: recall, precision, or the mean probability of the true class.",
    default: 'recall',
  },
  smoothing: {
    kind: 'number',
    placeholder: 'N',
    minimum: 0.001,
    description: "Hits and misses added to those of each class by 'confidence', for rare classes",
    default: '1',
  },
  sharpness: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 100,
    description: "Power of the accuracies that 'accuracy' weighs by",
    default: '1',
  },
} as const satisfies OptionTable;

const SELECTION = {
  select: {
    kind: 'text',
    placeholder: 'GOAL',
    choices: SELECTION_GOALS,
    description:
      "Choose the members: again and again the model is added that helps most, by 'loss' or 'accuracy'; one may be " +
      "added several times and, with 'averaging', then counts as often.",
    default: 'all models are members',
  },
  'max-members': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 1000,
    description: 'Most models to add',
    default: '30',
  },
  'max-parameters': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description: 'Most parameters of the chosen members in all',
    default: 'no limit',
  },
} as const satisfies OptionTable;

const TRAINING = {
  candidates: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description: "Genomes of the run's front to train, the most accurate first",
    default: 'all',
  },
  seeds: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 100,
    description: 'Trainings of each, from different seeds',
    default: '1',
  },
  epochs: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 10_000,
    description: 'Passes over the training rows',
    default: "the run's for its finalists",
  },
  workers: { ...WORKERS_OPTION, default: "the run's" },
} as const satisfies OptionTable;

export const ENSEMBLE_OPTIONS = {
  model: {
    kind: 'text',
    many: true,
    placeholder: 'FILE',
    input: 'file',
    description: 'A saved model; give several.',
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
  'How members count': Object.keys(WEIGHTS),
  'Who is a member': Object.keys(SELECTION),
  "Training of the run's front": Object.keys(TRAINING),
};
