import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { parse } from '../core/parse.ts';
import { type Dataset, indicesOf } from '../data/dataset.ts';
import { type TeacherOptions, teacherSchema } from '../distillation/open-teacher.ts';
import { type GenomeBounds, genomeBoundsSchema } from '../genome/bounds.ts';
import { ALIGNMENTS } from '../landmarks/alignment.ts';
import { trainingConfigSchema } from '../nn/training-config.ts';
import type { EvolutionEvent } from '../search/events.ts';
import { ladderOf, type Rung } from '../search/ladder.ts';
import { SAMPLERS, type SamplerName } from '../search/samplers/sampler.ts';
import { OBJECTIVES, type ObjectiveName } from '../search/search-state.ts';
import { defaultFinalTraining, defaultFitnessTraining, INNER_SHARE, type TrainingBudget } from './budgets.ts';

export interface EvolveOptions {
  /** Labelled face frames with training and validation rows. */
  readonly dataset: Dataset;
  /** Genomes in a generation, from 4; with rungs and a surrogate the first one has three times as many. @defaultValue 32 */
  readonly population?: number;
  /** Generations, the random first one included, from 1. @defaultValue 20 */
  readonly generations?: number;
  /** Seed of everything random. @defaultValue 'evopatch' */
  readonly seed?: string;
  /** Threads that train; 0 trains in the calling thread. The result does not depend on it. @defaultValue the cores */
  readonly workers?: number;
  /** What runs the networks: 'auto', 'native' or 'wasm', or one variant as in 'native:avx2'. @defaultValue 'auto' */
  readonly engine?: string;
  /** A new or empty folder for the run's files, from which it can be resumed. Without it nothing is written. */
  readonly runFolder?: string;
  /** Whether the run folder may hold other files, as long as none is in the way of the run's. @defaultValue false */
  readonly force?: boolean;
  /**
   * How the data set was loaded, in the caller's own words: kept in `run.json` for whoever resumes the run and has to load
   * it again.
   */
  readonly dataSource?: Readonly<Record<string, string>>;
  /** A folder of evaluations that runs share: what one of them has trained no other trains again. */
  readonly evaluationCache?: string;
  /** What proposes genomes. @defaultValue 'nsga2' */
  readonly sampler?: SamplerName;
  /**
   * What is to be made small, one or more; 'loss' or 'error' is one of them and comes first. With it alone the search has a
   * single objective, as the source paper's fitness may have had. 'latency' is measured, so a run that uses it does not
   * repeat exactly. @defaultValue ['loss', 'parameters']
   */
  readonly objectives?: readonly ObjectiveName[];
  /**
   * Whether most genomes stop on a low rung of the fitness training (successive halving). @defaultValue true
   */
  readonly halving?: boolean;
  /**
   * Most seeds that a member of the front is trained with; its loss is their mean. The further ones come in the last third of
   * the generations. @defaultValue 3
   */
  readonly repeats?: number;
  /** Whether operators whose children enter the front are drawn more often. @defaultValue true */
  readonly adaptive?: boolean;
  /**
   * Whether more children are bred than trained, and a model of the loss, fitted to all that was trained, says which are
   * worth it. Random search does without. @defaultValue true
   */
  readonly surrogate?: boolean;
  /** Whether the first generation holds a few hand-made layouts. @defaultValue false */
  readonly seedLayouts?: boolean;
  /** Ends the search after this many fitness evaluations, at the end of a generation. */
  readonly maximumEvaluations?: number;
  /** Ends the search after this many seconds, at the end of a generation. Where it bites depends on the machine. */
  readonly maximumSeconds?: number;
  /** Ends the search once its fitness evaluations saw this many samples, at the end of a generation. */
  readonly maximumSamples?: number;
  /** Ends the search after this many generations without a larger hypervolume. */
  readonly stagnation?: number;
  /** Training of a fitness evaluation, on an inner split of the training rows. Defaults depend on the data's size. */
  readonly fitness?: Partial<TrainingBudget>;
  /** Training of the finalists, the baseline and the control, on all training rows. */
  readonly final?: Partial<TrainingBudget>;
  /**
   * Jitter of the nose in that training: the largest random shift of a whole frame in x and y, pixels, 0 to 8. The same
   * as `final.shift`, which counts where both are given. @defaultValue 1
   */
  readonly jitter?: number;
  /** Most genomes of the front that are trained in full, from 1. @defaultValue 5 */
  readonly finalists?: number;
  /** Sizes, counts and parameters that genomes stay within; frame and classes are the data set's. */
  readonly bounds?: Partial<Omit<GenomeBounds, 'frame' | 'classes'>>;
  /** Whether to train the full-face network of about two million parameters to compare with. @defaultValue true */
  readonly baseline?: boolean;
  /** Whether to train the whole face at the best genome's budget. @defaultValue true */
  readonly control?: boolean;
  /**
   * Whether to compare with further controls: a random search of equal cost, a centre crop, a uniform grid, hand-placed
   * patches, the whole face at the same multiply-accumulates, and the most pixels. @defaultValue false
   */
  readonly controls?: boolean;
  /**
   * A model or an ensemble that all networks but the baseline learn from beside the labels, in the fitness and in full.
   * @defaultValue temperature 8, mixing 0.5, not squared
   */
  readonly teacher?: TeacherOptions;
  /**
   * Whether the finalists and the controls, where no teacher is given, learn from the baseline beside the labels
   * (Hinton, Vinyals & Dean 2015). @defaultValue true
   */
  readonly distill?: boolean;
  /**
   * Loss of accuracy against the baseline that does not matter, 0 to 1: a genome is "not worse" where the 95 %
   * interval of the difference lies above −margin. @defaultValue 0.02
   */
  readonly margin?: number;
  /** Longest time of one training run, seconds. @defaultValue 7200 */
  readonly timeoutSeconds?: number;
  /** Further attempts at a training run whose thread died or overran its time. @defaultValue 2 */
  readonly retries?: number;
  /** Ends the run early; it then gives the best so far. */
  readonly signal?: AbortSignal;
  /** Hears of everything that happens; what it throws ends the run. */
  readonly onEvent?: (event: EvolutionEvent) => void;
}

/** Checked options with every default filled in. */
export type EvolveSettings = Required<
  Omit<EvolveOptions, 'fitness' | 'final' | 'jitter' | 'bounds' | Optional>
> &
  Pick<EvolveOptions, Optional> & {
    readonly bounds: GenomeBounds;
    /** The rungs of the fitness training, the lowest first, and the number of the last. */
    readonly ladder: readonly Rung[];
    readonly topRung: number;
    readonly fitness: TrainingBudget;
    readonly final: TrainingBudget;
  };

type Limit = 'maximumEvaluations' | 'maximumSamples' | 'maximumSeconds' | 'stagnation';
type Optional = Limit | 'teacher' | 'runFolder' | 'dataSource' | 'evaluationCache' | 'signal';

/** What the options of these names default to. */
export const DEFAULT_TIMEOUT_SECONDS = 7200;
export const DEFAULT_RETRIES = 2;
/** Largest `jitter`, pixels. */
export const MAX_JITTER = 8;

const wholeNumber = z.int();
const share = z.number().min(0).max(1);

/** Names what may be given where an option is not known. */
const named = (shape: object) => ({
  error: (issue: { readonly code?: string }) =>
    issue.code === 'unrecognized_keys'
      ? `there is no such option; known are ${Object.keys(shape).join(', ')}`
      : undefined,
});

const budgetShape = { ...trainingConfigSchema.shape, samples: wholeNumber.min(1) };
const { frame: _frame, classes: _classes, ...boundsShape } = genomeBoundsSchema.shape;

const optionsShape = {
  dataset: z.custom<Dataset>(isDataset, 'must be a data set, as from loadDataset()'),
  population: wholeNumber.min(4).max(100_000).default(32),
  generations: wholeNumber.min(1).default(20),
  seed: z.string().min(1).default('evopatch'),
  workers: wholeNumber.min(0).max(1024).default(availableParallelism),
  engine: z
    .string()
    .regex(/^(auto|(native|wasm)(:\w+)?)$/, "must be 'auto', 'native' or 'wasm'")
    .default('auto'),
  runFolder: z.string().min(1).optional(),
  force: z.boolean().default(false),
  dataSource: z.record(z.string(), z.string()).optional(),
  evaluationCache: z.string().min(1).optional(),
  fitness: z.looseObject({}).default({}), // these two are checked with their defaults
  final: z.looseObject({}).default({}),
  jitter: wholeNumber.min(0).max(MAX_JITTER).optional(),
  sampler: z.enum(SAMPLERS).default('nsga2'),
  objectives: z
    .array(z.enum(OBJECTIVES))
    .min(1)
    .refine(([first]) => first === 'loss' || first === 'error', "must begin with 'loss' or 'error'")
    .refine((names) => new Set(names).size === names.length, 'must not name an objective twice')
    .default(['loss', 'parameters']),
  halving: z.boolean().default(true),
  repeats: wholeNumber.min(1).max(100).default(3),
  adaptive: z.boolean().default(true),
  surrogate: z.boolean().default(true),
  seedLayouts: z.boolean().default(false),
  maximumEvaluations: wholeNumber.min(1).optional(),
  maximumSeconds: z.number().positive().optional(),
  maximumSamples: wholeNumber.min(1).optional(),
  stagnation: wholeNumber.min(1).optional(),
  finalists: wholeNumber.min(1).default(5),
  bounds: z.strictObject(boundsShape, named(boundsShape)).prefault({}),
  baseline: z.boolean().default(true),
  control: z.boolean().default(true),
  controls: z.boolean().default(false),
  margin: share.default(0.02),
  teacher: teacherSchema.optional(),
  distill: z.boolean().default(true),
  timeoutSeconds: z.number().positive().default(DEFAULT_TIMEOUT_SECONDS),
  retries: wholeNumber.min(0).default(DEFAULT_RETRIES),
  signal: z.instanceof(AbortSignal).optional(),
  onEvent: z
    .custom<(event: EvolutionEvent) => void>((value) => typeof value === 'function', 'must be a function')
    .default(() => () => undefined),
};
const optionsSchema = z.strictObject(optionsShape, named(optionsShape));

const { dataset, workers, engine, signal, onEvent } = optionsShape;
const resumeShape = {
  runFolder: z.string().min(1),
  dataset,
  workers: workers.removeDefault().optional(),
  engine: engine.removeDefault().optional(),
  signal,
  onEvent,
};
/** Of the options, those that may differ from one process of a run to the next. */
export const resumeSchema = z.strictObject(resumeShape, named(resumeShape));

/** The options whose defaults depend on the data set. */
const dependentSchema = z.object({
  fitness: z.strictObject(budgetShape, named(budgetShape)),
  final: z.strictObject(budgetShape, named(budgetShape)),
  bounds: genomeBoundsSchema,
});

const withoutDataset = optionsSchema.omit({ dataset: true });

/**
 * Checks options before there is a data set, as far as that goes.
 *
 * @throws EvopatchError `INVALID_OPTION` that names the option, what was given and what is allowed.
 */
export function checkOptions(options: Omit<EvolveOptions, 'dataset'>): void {
  parse(withoutDataset, options, 'INVALID_OPTION');
}

/**
 * Checks options and fills in what was left out.
 *
 * @throws EvopatchError `INVALID_OPTION` that names the option, what was given and what is allowed.
 */
export function parseOptions(options: EvolveOptions): EvolveSettings {
  const { fitness, final, jitter, bounds, ...rest } = parse(optionsSchema, options, 'INVALID_OPTION');
  const { dataset } = rest;
  const trainingRows = indicesOf(dataset, 'train').length;
  const given = {
    fitness: { ...defaultFitnessTraining(trainingRows), ...withoutUndefined(fitness) },
    final: {
      ...defaultFinalTraining(trainingRows),
      ...withoutUndefined({ shift: jitter }),
      ...withoutUndefined(final),
    },
    // a single class is refused with the faces, which say more about it
    bounds: { ...bounds, frame: dataset.frame, classes: Math.max(2, dataset.classes.length) },
  };
  const dependent = parse(dependentSchema, given, 'INVALID_OPTION');
  const ladder = ladderOf(dependent.fitness, Math.floor(INNER_SHARE * trainingRows));
  const surrogate = rest.surrogate && rest.sampler !== 'random';
  return { ...rest, ...dependent, surrogate, ladder, topRung: ladder.length - 1 };
}

function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

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
