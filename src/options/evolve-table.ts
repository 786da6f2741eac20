import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import * as z from 'zod';
import { strictOptions } from '../core/parse.ts';
import { type GenomeBounds, genomeBoundsSchema } from '../genome/bounds.ts';
import { GENOME_OPERATORS, type GenomeOperator } from '../genome/operators.ts';
import { trainingConfigSchema } from '../nn/training-config.ts';
import type { EvolutionEvent } from '../search/events.ts';
import { OBJECTIVES } from '../search/objectives.ts';
import type { Sampler } from '../search/samplers/sampler.ts';
import { defaultFinalTraining, type TrainingBudget } from './budgets.ts';
import { option } from './option.ts';
import {
  evaluatorSchema,
  objectivesSchema,
  operatorsSchema,
  recordedObjectives,
  samplerSchema,
  startFromSchema,
} from './own-parts.ts';
import { PREFERENCES } from './preferences.ts';
import { CONVOLUTION, DATASET, ENGINE, SEED, SIGNAL, TEACHER } from './shared-options.ts';

/** Pixels. */
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
  dataset: DATASET,
  /** A new or empty folder for the run's files, from which it can be resumed. Without it nothing is written. */
  runFolder: option(z.string().min(1).optional(), {
    flag: { name: 'out', placeholder: 'DIR', help: 'A new or empty folder for the files of the run.' },
    recorded: false,
    resume: true,
  }),
  /** Whether the run folder may hold other files, as long as none is in the way of the run's. @defaultValue false */
  force: option(off, { recorded: false }),
  /**
   * How the data set was loaded, in the caller's own words: kept in `run.json`, to load it again when the run is resumed.
   */
  dataSource: option(z.record(z.string(), z.string()).optional(), { recorded: false }),
  /** Seed of all random numbers. @defaultValue 'evopatch' */
  seed: SEED,
  /** Threads that train; 0 trains in the calling thread. The result does not depend on it. @defaultValue the cores */
  workers: option(z.int().min(0).max(1024).default(availableParallelism), {
    flag: {
      help: 'Threads that search for landmarks and train; the result does not depend on their number',
      default: 'one per core',
    },
    changesResult: false,
    resume: true,
  }),
  /**
   * The engine that runs the networks: 'auto', 'native', 'wasm', 'tfjs-node' or 'tfjs', or one variant as in 'native:avx2'.
   * @defaultValue 'auto'
   */
  engine: ENGINE,
  /** A folder of evaluations that runs share, so that no network is trained twice. */
  evaluationCache: option(z.string().min(1).optional(), {
    flag: {
      placeholder: 'DIR',
      help: 'A folder of evaluations that runs share, so that no network is trained twice.',
      default: 'none',
      read: (word) => resolve(word),
    },
    changesResult: false,
  }),
  /** Opens what trains the networks, in place of evopatch's threads. The result does not depend on it. */
  evaluator: option(evaluatorSchema, { recorded: false, changesResult: false, resume: true }),
  /** Maximum time of one training, seconds. @defaultValue 7200 */
  timeoutSeconds: option(z.number().positive().default(7200)),
  /** Further attempts at a training whose thread died or exceeded its time. @defaultValue 2 */
  retries: option(z.int().min(0).default(2)),
  /** Ends the run early; it then gives the best so far. */
  signal: SIGNAL,
  /** Called with every event; an exception from it ends the run. */
  onEvent: option(
    z
      .custom<(event: EvolutionEvent) => void>((value) => typeof value === 'function', 'must be a function')
      .default(() => () => undefined),
    { recorded: false, resume: true },
  ),
};

const SEARCH = {
  /** The sampler, which proposes genomes: a name, or a sampler of your own. @defaultValue 'nsga2' */
  sampler: option(samplerSchema, {
    recorded: ({ name }: Sampler) => name,
    resume: true,
    flag: {
      help:
        "How genomes are proposed: 'nsga2' crosses and mutates the best, 'aging' mutates the best of the youngest, 'random' " +
        'draws each at random.',
    },
  }),
  /**
   * The objectives to minimise, one or more, beginning with 'loss' or 'error'. With it alone the search has a single
   * objective, as the source paper's fitness may have had. 'latency' is measured, so a run that uses it does not repeat
   * exactly. An objective of your own is a record with a function. @defaultValue ['loss', 'parameters', 'pixels']
   */
  objectives: option(objectivesSchema, {
    recorded: recordedObjectives,
    resume: true,
    flag: {
      placeholder: 'LIST',
      help:
        `Comma-separated objectives to minimise: 'loss' or 'error', alone or followed by any of ` +
        `${OBJECTIVES.slice(2).join(', ')}. Latency is measured, so a run with it does not repeat exactly.`,
      read: (word) => word.split(',').map((name) => name.trim()),
    },
  }),
  /** Genomes per generation, from 4; with rungs and a surrogate, the first has three times as many. @defaultValue 32 */
  population: option(z.int().min(4).max(100_000).default(32), {
    flag: {
      help: 'Genomes per generation; the first has three times as many if rungs and surrogate are on',
    },
  }),
  /** Generations, including the random first one, from 1. @defaultValue 20 */
  generations: option(count.default(20), {
    flag: { help: 'Generations, including the random first one' },
    resume: true,
  }),
  /**
   * Maximum seeds that a member of the front is trained with; its loss is their mean. The further seeds follow in the last
   * third of the generations. @defaultValue 3
   */
  repeats: option(count.max(100).default(3), {
    flag: {
      help:
        'Maximum seeds that a member of the front is trained with, in the last third of the generations; its loss is their ' +
        'mean, and their deviation is shown',
    },
  }),
  /** Whether most genomes stop on a low rung of the fitness training (successive halving). @defaultValue true */
  halving: option(on, {
    flag: {
      help:
        'Train every genome with the whole budget. Without this flag, all begin with a part of it, and the better third on ' +
        'each rung continues with three times as much.',
    },
  }),
  /**
   * Whether children are bred as results arrive, so that no worker waits for a generation to end: for many workers, and for few
   * trainings. The order in which results arrive then decides what is bred: the run writes it into a log, and from that log follows
   * the same result. Needs the sampler 'nsga2'. @defaultValue false
   */
  asynchronous: option(off, {
    flag: {
      help:
        'Breed children as results arrive, so that no worker waits for a generation to end; for many workers, and for few ' +
        'trainings. The result then depends on the order in which results arrive, which the folder records: resume follows it.',
    },
  }),
  /** Operators of your own, beside those of evopatch. @defaultValue [] */
  operators: option(operatorsSchema, {
    recorded: (all: readonly GenomeOperator[]) =>
      all.filter((operator) => !GENOME_OPERATORS.includes(operator)).map(({ name }) => name),
    resume: true,
  }),
  /** Whether operators whose children enter the front are applied more often. @defaultValue true */
  adaptive: option(on, {
    flag: {
      name: 'fixed-operators',
      help: 'Apply operators at fixed rates, instead of favouring those whose children enter the front.',
    },
  }),
  /**
   * Whether more children are bred than trained, and a model of the loss, fitted to all earlier trainings, selects the
   * promising ones. Random search has none. @defaultValue true
   */
  surrogate: option(on, {
    flag: { help: 'Train all children, instead of those that a model of the loss selects from many.' },
  }),
  /**
   * Genomes that the first generation starts with beside random ones: your own, or the folder of another run for those of its
   * front that the bounds allow.
   */
  startFrom: option(startFromSchema.optional(), {
    flag: {
      placeholder: 'DIR',
      help: 'Include the front of the run in this folder in the first generation.',
      read: (word) => resolve(word),
      write: (value: unknown) => (typeof value === 'string' ? value : undefined),
    },
  }),
  /** Whether the first generation includes a few hand-made layouts. @defaultValue false */
  seedLayouts: option(off, {
    flag: { help: 'Include a few hand-made layouts in the first generation.' },
  }),
};

const GENOMES = {
  /** Bounds of the genomes' sizes, counts and parameters; frame and classes are those of the data set. */
  bounds: option(strictOptions(boundsShape).prefault({}) as z.ZodType<OwnBounds, OwnBounds | undefined>, {
    recorded: ({ frame: _, classes: __, ...own }: GenomeBounds) => own,
    fields: {
      maximumPatches: option(boundsShape.maximumPatches, {
        flag: { help: 'Maximum patches of a genome; a mirrored pair counts once' },
      }),
      maximumPixels: option(boundsShape.maximumPixels, {
        flag: {
          name: 'max-pixels',
          placeholder: 'SHARE',
          help: "Maximum share of the face's pixels that the patches read",
        },
      }),
      maximumParameters: option(boundsShape.maximumParameters, {
        flag: { help: 'Maximum parameters of a network' },
      }),
      maximumMacs: option(boundsShape.maximumMacs, {
        flag: { help: 'Maximum multiply-accumulates per face' },
      }),
    },
  }),
};

const LIMITS = {
  /** Ends the search after this many fitness trainings, at the end of a generation. */
  maximumEvaluations: option(count.optional(), { flag: { help: 'Stop after N trainings' }, resume: true }),
  /** Ends the search once its fitness trainings have seen this many samples, at the end of a generation. */
  maximumSamples: option(count.optional(), {
    flag: {
      help: 'Stop after the trainings have seen N faces, counted in every epoch: the same work on any machine',
    },
    resume: true,
  }),
  /** Ends the search after this many seconds, at the end of a generation. The result then depends on the machine. */
  maximumSeconds: option(z.number().positive().optional(), {
    flag: { help: 'Stop after N seconds' },
    resume: true,
  }),
  /** Ends the search after this many generations without a larger hypervolume. */
  stagnation: option(count.optional(), {
    flag: { help: 'Stop after N generations without a larger hypervolume' },
    resume: true,
  }),
};

const dataDependent = { default: 'depends on the data' };
const TRAINING = {
  /** The training for the fitness, on an inner split of the training rows. Its defaults depend on the size of the data. */
  fitness: option(training, {
    fields: {
      samples: option(samples, {
        flag: {
          ...dataDependent,
          name: 'fitness-samples',
          help: 'Maximum faces that a candidate is trained on in the search',
        },
      }),
      epochs: option(epochs, {
        flag: { ...dataDependent, name: 'fitness-epochs', help: 'Passes over these faces' },
      }),
    },
  }),
  /**
   * The training of the finalists, the baseline and the controls, on all training rows. Networks below 10,000 parameters
   * learn at three times its rate.
   */
  final: option(training, {
    fields: {
      samples: option(samples, {
        flag: {
          name: 'final-samples',
          help: 'Maximum faces that finalists, baseline and controls are trained on',
          default: 'all',
        },
      }),
      epochs: option(epochs, {
        flag: { ...dataDependent, name: 'final-epochs', help: 'Passes over these faces' },
      }),
      shift: option(jitter, {
        flag: {
          name: 'jitter',
          placeholder: 'PIXELS',
          help: 'Maximum random shift of the faces while finalists, baseline and controls are trained',
          default: String(defaultFinalTraining(1).shift),
        },
      }),
    },
  }),
  /**
   * The maximum random shift of a whole frame in x and y in that training, pixels, 0 to 8. The same as `final.shift`, which
   * takes precedence. @defaultValue 1
   */
  jitter: option(jitter, { recorded: false }),
  /** The form of convolutions in trainings whose own `convolution` is left out. @defaultValue 'winograd' */
  convolution: CONVOLUTION,
  /**
   * Whether the finalists and the controls also learn from the baseline if no teacher is given (Hinton, Vinyals & Dean 2015).
   * @defaultValue true
   */
  distill: option(on, {
    flag: {
      help: 'Train finalists and controls on the labels alone, instead of also on the outputs of the baseline.',
    },
  }),
};

const TAUGHT = {
  /**
   * A model or an ensemble that all networks except the baseline also learn from, in the search and in full.
   * @defaultValue temperature 8, mixing 0.5, not squared
   */
  teacher: TEACHER,
};

/** The values of `controls` that earlier releases recorded as two options. */
const quickUnlessOff = (on: unknown) => (on === false ? 'none' : 'quick');
const allIfOn = (on: unknown) => (on === true ? 'all' : undefined);

const COMPARISON = {
  /** Maximum genomes of the search that are trained in full, from 1; further ones follow as the best is made smaller. @defaultValue 12 */
  finalists: option(count.default(12), {
    flag: {
      help:
        'Maximum genomes of the search to train in full: of each of six sizes one of the front and one with a deep network. ' +
        'Further ones follow as the best is made smaller.',
    },
  }),
  /**
   * What to prefer among the networks that are not worse than the baseline: the smallest product of pixels and parameters,
   * the fewest pixels, or the highest accuracy. @defaultValue 'smallest'
   */
  prefer: option(z.enum(PREFERENCES).default('smallest'), {
    flag: {
      help:
        "What to prefer among networks that are not worse than the baseline: 'smallest' is the least pixels × parameters, " +
        "'pixels' the fewest pixels, 'accurate' the highest accuracy.",
    },
  }),
  /**
   * Negligible loss of accuracy against the baseline, 0 to 1: a genome is "not worse" if the 95 % interval of the difference
   * lies above −margin. @defaultValue 0.025
   */
  margin: option(z.number().min(0).max(1).default(0.025), {
    flag: { placeholder: 'SHARE', help: 'Negligible loss of accuracy against the baseline' },
  }),
  /** Whether to train the full-face network of about two million parameters for comparison. @defaultValue true */
  baseline: option(on, { flag: { help: 'Leave out the full-face baseline.' } }),
  /**
   * The controls that the chosen genome has to beat with at most its parameters: 'quick' trains a centre crop, a uniform grid,
   * hand-placed patches and the reduced whole face at its number of pixels, and the whole face; 'all' also trains the best of
   * as many random layouts as the search trained genomes; 'none' trains none. @defaultValue 'quick'
   */
  controls: option(z.enum(['none', 'quick', 'all']).default('quick'), {
    flag: {
      help:
        "What the chosen patches have to beat, at most at their parameters: 'quick' trains a centre crop, a grid, patches " +
        "placed by hand and the reduced whole face with as many pixels, and the whole face; 'all' also the best of as many " +
        "random layouts as the search trained genomes, which takes about as long as the search; 'none' trains none.",
    },
    formerly: {
      control: quickUnlessOff,
      wholeFaceControl: quickUnlessOff,
      controls: (value) => (typeof value === 'boolean' ? allIfOn(value) : value),
      furtherControls: allIfOn,
    },
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

/** The options that extend a run, finished or not, when it is resumed. */
export const EXTENSION_TABLE = { generations: SEARCH.generations, ...LIMITS };

/** Options by their heading in the help. */
export const EVOLVE_GROUPS = {
  Search: SEARCH,
  'Limits of a genome': GENOMES,
  'Limits of the search, at the end of a generation': LIMITS,
  Training: TRAINING,
  'Teacher of the evolved networks': TAUGHT,
  Comparison: COMPARISON,
};
