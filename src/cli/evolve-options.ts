import { MAX_JITTER } from '../options/evolve-options.ts';
import { SAMPLERS } from '../search/samplers/sampler.ts';
import { OBJECTIVES } from '../search/search-state.ts';
import {
  type CommonValues,
  DATA_OPTIONS,
  ENGINE_OPTION,
  type OptionTable,
  type OptionValues,
  WORKERS_OPTION,
} from './command.ts';
import { CACHE, RUN_FOLDER } from './output-forms.ts';
import { TEACHER_OPTIONS } from './teacher-options.ts';
import { WATCH_OPTION } from './watch-option.ts';

const RUN = {
  ...DATA_OPTIONS,
  data: { ...DATA_OPTIONS.data, required: true },
  out: {
    kind: 'text',
    placeholder: 'DIR',
    output: RUN_FOLDER,
    description: 'A new or empty folder for the files of the run.',
    required: true,
  },
  seed: {
    kind: 'text',
    placeholder: 'TEXT',
    description: 'Seed of everything random; equal seeds give equal results.',
    default: 'evopatch',
  },
  workers: WORKERS_OPTION,
  engine: ENGINE_OPTION,
  'evaluation-cache': {
    kind: 'text',
    placeholder: 'DIR',
    output: CACHE,
    description: 'A folder of evaluations that runs share: what one has trained no other trains again.',
    default: 'none',
  },
  watch: WATCH_OPTION,
} as const satisfies OptionTable;

const SEARCH = {
  sampler: {
    kind: 'text',
    placeholder: 'NAME',
    choices: SAMPLERS,
    description:
      "What proposes genomes: 'nsga2' crosses and mutates the best, 'aging' mutates the best of those that are still " +
      "young, 'random' draws each anew.",
    default: 'nsga2',
  },
  objectives: {
    kind: 'text',
    placeholder: 'LIST',
    description:
      `What is to be made small, with commas between; 'loss' or 'error' comes first, alone or before any of ` +
      `${OBJECTIVES.slice(2).join(', ')}. A latency is measured, so a run with it does not repeat exactly.`,
    default: 'loss,parameters',
  },
  population: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 4,
    maximum: 100_000,
    description:
      'Genomes in a generation; three times as many in the first where rungs and the surrogate are on',
    default: '32',
  },
  generations: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description: 'Generations, the random first one included',
    default: '20',
  },
  repeats: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 100,
    description:
      'Most seeds that a member of the front is trained with, in the last third of the generations; its loss is their ' +
      'mean, and the spread is shown',
    default: '3',
  },
  'no-halving': {
    kind: 'flag',
    description:
      'Train every genome with the whole budget. Without this flag all begin with a part of it, and the better third ' +
      'of those on each rung goes on to three times as much.',
  },
  'fixed-operators': {
    kind: 'flag',
    description:
      'Draw mutations and crossovers at fixed rates, not more often where their children enter the front.',
  },
  'no-surrogate': {
    kind: 'flag',
    description: 'Train children as they are bred, without asking a model of the loss which are worth it.',
  },
  'seed-layouts': {
    kind: 'flag',
    description: 'Begin with a few layouts placed by hand among the random ones.',
  },
} as const satisfies OptionTable;

const GENOMES = {
  'max-patches': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 32,
    description: 'Most patches of a genome; a mirrored pair counts once',
    default: '6',
  },
  'max-parameters': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description: 'Most parameters of a network',
    default: '97000',
  },
  'max-macs': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description: 'Most multiply-accumulates of a forward pass',
    default: '14000000',
  },
} as const satisfies OptionTable;

const LIMITS = {
  'max-evaluations': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description: 'After so many trainings',
  },
  'max-samples': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description: 'Once they have seen so many faces, each epoch counted anew: the same work on any machine',
  },
  'max-seconds': {
    kind: 'number',
    placeholder: 'N',
    minimum: 0.001,
    description: 'After so long',
  },
  stagnation: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description: 'After so many generations without a larger hypervolume',
  },
} as const satisfies OptionTable;

const TRAINING = {
  'fitness-samples': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 16,
    description: 'Most faces that a candidate is trained on during the search',
    default: 'depends on the data',
  },
  'fitness-epochs': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 10_000,
    description: 'Passes over them',
    default: 'depends on the data',
  },
  'final-samples': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 16,
    description: 'Most faces that finalists, baseline and controls are trained on',
    default: 'all',
  },
  'final-epochs': {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 10_000,
    description: 'Passes over them',
    default: 'depends on the data',
  },
  jitter: {
    kind: 'integer',
    placeholder: 'PIXELS',
    minimum: 0,
    maximum: MAX_JITTER,
    description: 'Largest random shift of the nose while finalists, baseline and controls are trained',
    default: '1',
  },
  'no-distill': {
    kind: 'flag',
    description:
      'Train finalists and controls on the labels alone; without --teacher they learn from the baseline too.',
  },
} as const satisfies OptionTable;

const COMPARISON = {
  finalists: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    description:
      'Most genomes of the last front that are trained in full: three in five with a deeper network, the others as they are',
    default: '5',
  },
  margin: {
    kind: 'number',
    placeholder: 'SHARE',
    minimum: 0,
    maximum: 1,
    description: 'Loss of accuracy against the baseline that does not matter',
    default: '0.02',
  },
  'no-baseline': { kind: 'flag', description: 'Leave the full-face baseline out.' },
  'no-control': { kind: 'flag', description: 'Leave the whole face at the evolved budget out.' },
  controls: {
    kind: 'flag',
    description:
      'Also show what the best genome has to beat: a random search of equal cost, a centre crop, a uniform grid, ' +
      'patches placed by hand, the whole face at the same multiply-accumulates, and the most pixels. About doubles ' +
      'the time.',
  },
} as const satisfies OptionTable;

export const EVOLVE_OPTIONS = {
  ...RUN,
  ...SEARCH,
  ...GENOMES,
  ...LIMITS,
  ...TRAINING,
  ...TEACHER_OPTIONS,
  ...COMPARISON,
} as const satisfies OptionTable;

export type EvolveValues = OptionValues<typeof EVOLVE_OPTIONS> & CommonValues;

/** The options by what they are about; those of the run itself come before. */
export const EVOLVE_HEADINGS: Readonly<Record<string, readonly string[]>> = {
  Search: Object.keys(SEARCH),
  'What a genome may be': Object.keys(GENOMES),
  'When to end the search, whichever comes first, at the end of a generation': Object.keys(LIMITS),
  Training: Object.keys(TRAINING),
  'A teacher for the evolved networks': Object.keys(TEACHER_OPTIONS),
  Comparison: Object.keys(COMPARISON),
};
