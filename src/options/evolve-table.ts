import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { strictOptions } from '../core/parse.ts';
import type { Dataset } from '../data/dataset.ts';
import { type GenomeBounds, genomeBoundsSchema } from '../genome/bounds.ts';
import { ALIGNMENTS } from '../landmarks/alignment.ts';
import { trainingConfigSchema } from '../nn/training-config.ts';
import type { EvolutionEvent } from '../search/events.ts';
import { SAMPLERS } from '../search/samplers/sampler.ts';
import { OBJECTIVES } from '../search/search-state.ts';
import { defaultFinalTraining, type TrainingBudget } from './budgets.ts';
import { option } from './option.ts';
import { ENGINE, SEED, TEACHER } from './shared-options.ts';

/** Largest `jitter`, pixels. */
const MAX_JITTER = 8;

const count = z.int().min(1);
const on = z.boolean().default(true);
const off = z.boolean().default(false);
const samples = count;
const { epochs } = trainingConfigSchema.shape;
const jitter = z.int().min(0).max(MAX_JITTER).optional();
const { frame: _frame, classes: _classes, ...boundsShape } = genomeBoundsSchema.shape;

type OwnBounds = Partial<Omit<GenomeBounds, 'frame' | 'classes'>>;
/** A training whose defaults depend on the data: `parseOptions` checks it with them. */
const training = z.looseObject({}).default({}) as unknown as z.ZodType<
  Partial<TrainingBudget>,
  Partial<TrainingBudget> | undefined
>;

const RUN = {
  /** Labelled face frames with training and validation rows. */
  dataset: option(z.custom<Dataset>(isDataset, 'must be a data set, as from loadDataset()'), {
    recorded: false,
    resume: true,
  }),
  /** A new or empty folder for the run's files, from which it can be resumed. Without it nothing is written. */
  runFolder: option(z.string().min(1).optional(), {
    flag: { name: 'out', placeholder: 'DIR', help: 'A new or empty folder for the files of the run.' },
    recorded: false,
    resume: true,
  }),
  /** Whether the run folder may hold other files, as long as none is in the way of the run's. @defaultValue false */
  force: option(off, { recorded: false }),
  /**
   * How the data set was loaded, in the caller's own words: kept in `run.json` for whoever resumes the run and has to load
   * it again.
   */
  dataSource: option(z.record(z.string(), z.string()).optional(), { recorded: false }),
  /** Seed of everything random. @defaultValue 'evopatch' */
  seed: SEED,
  /** Threads that train; 0 trains in the calling thread. The result does not depend on it. @defaultValue the cores */
  workers: option(z.int().min(0).max(1024).default(availableParallelism), {
    flag: {
      help: 'Threads that search for landmarks and train; the result does not depend on it',
      default: 'one for each core',
    },
    changesResult: false,
    resume: true,
  }),
  /** What runs the networks: 'auto', 'native' or 'wasm', or one variant as in 'native:avx2'. @defaultValue 'auto' */
  engine: ENGINE,
  /** A folder of evaluations that runs share: what one of them has trained no other trains again. */
  evaluationCache: option(z.string().min(1).optional(), {
    flag: {
      placeholder: 'DIR',
      help: 'A folder of evaluations that runs share: what one has trained no other trains again.',
      default: 'none',
      read: (word) => resolve(word),
    },
    changesResult: false,
  }),
  /** Longest time of one training run, seconds. @defaultValue 7200 */
  timeoutSeconds: option(z.number().positive().default(7200)),
  /** Further attempts at a training run whose thread died or overran its time. @defaultValue 2 */
  retries: option(z.int().min(0).default(2)),
  /** Ends the run early; it then gives the best so far. */
  signal: option(z.instanceof(AbortSignal).optional(), { recorded: false, resume: true }),
  /** Hears of everything that happens; what it throws ends the run. */
  onEvent: option(
    z
      .custom<(event: EvolutionEvent) => void>((value) => typeof value === 'function', 'must be a function')
      .default(() => () => undefined),
    { recorded: false, resume: true },
  ),
};

const SEARCH = {
  /** What proposes genomes. @defaultValue 'nsga2' */
  sampler: option(z.enum(SAMPLERS).default('nsga2'), {
    flag: {
      help:
        "What proposes genomes: 'nsga2' crosses and mutates the best, 'aging' mutates the best of those that are still " +
        "young, 'random' draws each anew.",
    },
  }),
  /**
   * What is to be made small, one or more; 'loss' or 'error' is one of them and comes first. With it alone the search has a
   * single objective, as the source paper's fitness may have had. 'latency' is measured, so a run that uses it does not
   * repeat exactly. @defaultValue ['loss', 'parameters']
   */
  objectives: option(
    z
      .array(z.enum(OBJECTIVES, `must be one or more of ${OBJECTIVES.join(', ')}`))
      .min(1)
      .refine(([first]) => first === 'loss' || first === 'error', "must begin with 'loss' or 'error'")
      .refine((names) => new Set(names).size === names.length, 'must not name an objective twice')
      .default(['loss', 'parameters'])
      .readonly(),
    {
      flag: {
        placeholder: 'LIST',
        help:
          `What is to be made small, with commas between; 'loss' or 'error' comes first, alone or before any of ` +
          `${OBJECTIVES.slice(2).join(', ')}. A latency is measured, so a run with it does not repeat exactly.`,
        read: (word) => word.split(',').map((name) => name.trim()),
      },
    },
  ),
  /** Genomes in a generation, from 4; with rungs and a surrogate the first one has three times as many. @defaultValue 32 */
  population: option(z.int().min(4).max(100_000).default(32), {
    flag: {
      help: 'Genomes in a generation; three times as many in the first where rungs and the surrogate are on',
    },
  }),
  /** Generations, the random first one included, from 1. @defaultValue 20 */
  generations: option(count.default(20), { flag: { help: 'Generations, the random first one included' } }),
  /**
   * Most seeds that a member of the front is trained with; its loss is their mean. The further ones come in the last third of
   * the generations. @defaultValue 3
   */
  repeats: option(count.max(100).default(3), {
    flag: {
      help:
        'Most seeds that a member of the front is trained with, in the last third of the generations; its loss is their ' +
        'mean, and the spread is shown',
    },
  }),
  /** Whether most genomes stop on a low rung of the fitness training (successive halving). @defaultValue true */
  halving: option(on, {
    flag: {
      help:
        'Train every genome with the whole budget. Without this flag all begin with a part of it, and the better third ' +
        'of those on each rung goes on to three times as much.',
    },
  }),
  /** Whether operators whose children enter the front are drawn more often. @defaultValue true */
  adaptive: option(on, {
    flag: {
      name: 'fixed-operators',
      help: 'Draw mutations and crossovers at fixed rates, not more often where their children enter the front.',
    },
  }),
  /**
   * Whether more children are bred than trained, and a model of the loss, fitted to all that was trained, says which are
   * worth it. Random search does without. @defaultValue true
   */
  surrogate: option(on, {
    flag: { help: 'Train children as they are bred, without asking a model of the loss which are worth it.' },
  }),
  /** Whether the first generation holds a few hand-made layouts. @defaultValue false */
  seedLayouts: option(off, {
    flag: { help: 'Begin with a few layouts placed by hand among the random ones.' },
  }),
};

const GENOMES = {
  /** Sizes, counts and parameters that genomes stay within; frame and classes are the data set's. */
  bounds: option(strictOptions(boundsShape).prefault({}) as z.ZodType<OwnBounds, OwnBounds | undefined>, {
    recorded: ({ frame: _, classes: __, ...own }: GenomeBounds) => own,
    fields: {
      maximumPatches: option(boundsShape.maximumPatches, {
        flag: { help: 'Most patches of a genome; a mirrored pair counts once' },
      }),
      maximumParameters: option(boundsShape.maximumParameters, {
        flag: { help: 'Most parameters of a network' },
      }),
      maximumMacs: option(boundsShape.maximumMacs, {
        flag: { help: 'Most multiply-accumulates of a forward pass' },
      }),
    },
  }),
};

const LIMITS = {
  /** Ends the search after this many fitness evaluations, at the end of a generation. */
  maximumEvaluations: option(count.optional(), { flag: { help: 'After N trainings' } }),
  /** Ends the search once its fitness evaluations saw this many samples, at the end of a generation. */
  maximumSamples: option(count.optional(), {
    flag: { help: 'Once they have seen N faces, each epoch counted anew: the same work on any machine' },
  }),
  /** Ends the search after this many seconds, at the end of a generation. Where it bites depends on the machine. */
  maximumSeconds: option(z.number().positive().optional(), { flag: { help: 'After N seconds' } }),
  /** Ends the search after this many generations without a larger hypervolume. */
  stagnation: option(count.optional(), {
    flag: { help: 'After N generations without a larger hypervolume' },
  }),
};

const dataDependent = { default: 'depends on the data' };
const TRAINING = {
  /** Training of a fitness evaluation, on an inner split of the training rows. Defaults depend on the data's size. */
  fitness: option(training, {
    fields: {
      samples: option(samples, {
        flag: {
          ...dataDependent,
          name: 'fitness-samples',
          help: 'Most faces that a candidate is trained on during the search',
        },
      }),
      epochs: option(epochs, {
        flag: { ...dataDependent, name: 'fitness-epochs', help: 'Passes over them' },
      }),
    },
  }),
  /** Training of the finalists, the baseline and the controls, on all training rows. */
  final: option(training, {
    fields: {
      samples: option(samples, {
        flag: {
          name: 'final-samples',
          help: 'Most faces that finalists, baseline and controls are trained on',
          default: 'all',
        },
      }),
      epochs: option(epochs, { flag: { ...dataDependent, name: 'final-epochs', help: 'Passes over them' } }),
      shift: option(jitter, {
        flag: {
          name: 'jitter',
          placeholder: 'PIXELS',
          help: 'Largest random shift of the nose while finalists, baseline and controls are trained',
          default: String(defaultFinalTraining(1).shift),
        },
      }),
    },
  }),
  /**
   * Jitter of the nose in that training: the largest random shift of a whole frame in x and y, pixels, 0 to 8. The same
   * as `final.shift`, which counts where both are given. @defaultValue 1
   */
  jitter: option(jitter, { recorded: false }),
  /**
   * Whether the finalists and the controls, where no teacher is given, learn from the baseline beside the labels
   * (Hinton, Vinyals & Dean 2015). @defaultValue true
   */
  distill: option(on, {
    flag: {
      help: 'Train finalists and controls on the labels alone; without --teacher they learn from the baseline too.',
    },
  }),
};

const TAUGHT = {
  /**
   * A model or an ensemble that all networks but the baseline learn from beside the labels, in the fitness and in full.
   * @defaultValue temperature 8, mixing 0.5, not squared
   */
  teacher: TEACHER,
};

const COMPARISON = {
  /** Most genomes of the front that are trained in full, from 1. @defaultValue 5 */
  finalists: option(count.default(5), {
    flag: {
      help: 'Most genomes of the last front that are trained in full: three in five with a deeper network, the others as they are',
    },
  }),
  /**
   * Loss of accuracy against the baseline that does not matter, 0 to 1: a genome is "not worse" where the 95 %
   * interval of the difference lies above −margin. @defaultValue 0.02
   */
  margin: option(z.number().min(0).max(1).default(0.02), {
    flag: { placeholder: 'SHARE', help: 'Loss of accuracy against the baseline that does not matter' },
  }),
  /** Whether to train the full-face network of about two million parameters to compare with. @defaultValue true */
  baseline: option(on, { flag: { help: 'Leave the full-face baseline out.' } }),
  /** Whether to train the whole face at the best genome's number of parameters. @defaultValue true */
  wholeFaceControl: option(on, {
    flag: { help: 'Leave the whole face at the evolved number of parameters out.' },
    formerly: 'control',
  }),
  /**
   * Whether to compare with further controls: a random search of equal cost, a centre crop, a uniform grid, hand-placed
   * patches, the whole face at the same multiply-accumulates, and the most pixels. @defaultValue false
   */
  furtherControls: option(off, {
    flag: {
      help:
        'Also show what the best genome has to beat: a random search of equal cost, a centre crop, a uniform grid, ' +
        'patches placed by hand, the whole face at the same multiply-accumulates, and the most pixels. About doubles ' +
        'the time.',
    },
    formerly: 'controls',
  }),
};

/** Every option of a search. */
export const EVOLVE_TABLE = {
  ...RUN,
  ...SEARCH,
  ...GENOMES,
  ...LIMITS,
  ...TRAINING,
  ...TAUGHT,
  ...COMPARISON,
};

/** The options by what they are about, for the help; those of the run itself come before. */
export const EVOLVE_GROUPS = {
  Search: SEARCH,
  'What a genome may be': GENOMES,
  'When to end the search, whichever comes first, at the end of a generation': LIMITS,
  Training: TRAINING,
  'A teacher for the evolved networks': TAUGHT,
  Comparison: COMPARISON,
};

function isDataset(value: unknown): boolean {
  const { frames, labels, splits, classes, align, hash } = (value ?? {}) as Partial<Dataset>;
  return (
    frames instanceof Uint8Array &&
    labels instanceof Uint8Array &&
    splits instanceof Uint8Array &&
    Array.isArray(classes) &&
    (ALIGNMENTS as readonly unknown[]).includes(align) &&
    typeof hash === 'string'
  );
}
