import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { parse, strictOptions } from '../core/parse.ts';
import { indicesOf } from '../data/dataset.ts';
import { type GenomeBounds, genomeBoundsSchema } from '../genome/bounds.ts';
import type { Genome } from '../genome/genome.ts';
import { sensibleLayouts } from '../genome/layouts.ts';
import { GENOME_OPERATORS, type GenomeOperator } from '../genome/operators.ts';
import { parseGenome } from '../genome/parse-genome.ts';
import { trainingConfigSchema } from '../nn/training-config.ts';
import { type GenerationPlan, ladderOf, type Rung } from '../search/ladder.ts';
import type { Objective } from '../search/objective.ts';
import { objectiveFrom } from '../search/objectives.ts';
import type { Sampler } from '../search/samplers/sampler.ts';
import { samplers } from '../search/samplers.ts';
import { defaultFinalTraining, defaultFitnessTraining, INNER_SHARE, type TrainingBudget } from './budgets.ts';
import { EVOLVE_TABLE } from './evolve-table.ts';
import {
  type CheckedOptions,
  defaultsOf,
  type GivenOptions,
  type ResumableName,
  resumeSchemaOf,
  schemaOf,
} from './option.ts';

/** Options of `evolvePatches`; `dataset` alone is needed. */
export interface EvolveOptions extends GivenOptions<typeof EVOLVE_TABLE> {}

/** What may differ from one process of a run to the next; the rest is in the folder. */
export interface ResumeOptions extends Pick<EvolveOptions, ResumableName<typeof EVOLVE_TABLE>> {
  /** The folder of a run that has not ended. */
  readonly runFolder: string;
}

type CheckedTable = CheckedOptions<typeof EVOLVE_TABLE>;

/** Checked options with every default filled in. */
export interface EvolveSettings extends Omit<CheckedTable, 'jitter' | Dependent | OwnPart> {
  readonly objectives: readonly Objective[];
  readonly sampler: Sampler;
  /** All operators: evopatch's and the user's own. */
  readonly operators: readonly GenomeOperator[];
  /** Genomes that the first generation starts with. */
  readonly startGenomes: readonly Genome[];
  /** How many generations the run is planned for; more than one plan if it was extended. */
  readonly plans: readonly GenerationPlan[];
  readonly bounds: GenomeBounds;
  /** The rungs of the fitness training, the lowest first, and the number of the last. */
  readonly ladder: readonly Rung[];
  readonly topRung: number;
  readonly fitness: TrainingBudget;
  readonly final: TrainingBudget;
}
type Dependent = 'fitness' | 'final' | 'bounds';
type OwnPart = 'objectives' | 'sampler' | 'operators';

const optionsSchema = schemaOf(EVOLVE_TABLE);
const withoutDataset = optionsSchema.omit({ dataset: true });
const resumeSchema = resumeSchemaOf(EVOLVE_TABLE).extend({ runFolder: z.string().min(1) });

const budget = strictOptions({ ...trainingConfigSchema.shape, samples: z.int().min(1) });
/** The options whose defaults depend on the data set. */
const dependentSchema = z.object({ fitness: budget, final: budget, bounds: genomeBoundsSchema });

/**
 * Checks options before there is a data set, as far as that goes.
 *
 * @throws EvopatchError `INVALID_OPTION` that names the option, what was given and what is allowed.
 */
export function checkOptions(options: Omit<EvolveOptions, 'dataset'>): void {
  refuseOtherSamplers(parse(withoutDataset, options, 'INVALID_OPTION'));
}

/** Other samplers breed whole generations. */
function refuseOtherSamplers({
  asynchronous,
  sampler,
}: Pick<CheckedTable, 'asynchronous' | 'sampler'>): void {
  if (!asynchronous || sampler === 'nsga2') return;
  const given = typeof sampler === 'string' ? sampler : sampler.name;
  const hint = 'An asynchronous search breeds by NSGA-II; leave out one of the two options';
  const data = { option: 'sampler', given, hint };
  throw new EvopatchError('INVALID_OPTION', "must be 'nsga2' for an asynchronous search", data);
}

/**
 * Checks what a resumed run is given.
 *
 * @throws EvopatchError `INVALID_OPTION` that names the option, what was given and what is allowed.
 */
export function checkResumeOptions(options: ResumeOptions): void {
  parse(resumeSchema, options, 'INVALID_OPTION');
}

/**
 * Checks options and fills in what was left out.
 *
 * @param plans of a run that was extended. @defaultValue `generations` from the start
 * @throws EvopatchError `INVALID_OPTION` that names the option, what was given and what is allowed; `INVALID_GENOME` for a
 * genome to start from that leaves the bounds.
 */
export function parseOptions(options: EvolveOptions, plans?: readonly GenerationPlan[]): EvolveSettings {
  const { fitness, final, jitter, bounds, convolution, ...rest } = parse(
    optionsSchema,
    options,
    'INVALID_OPTION',
  );
  refuseOtherSamplers(rest);
  const { dataset } = rest;
  const trainingRows = indicesOf(dataset, 'train').length;
  const usual = evolveDefaults(trainingRows);
  const given = {
    fitness: { ...usual.fitness, convolution, ...withoutUndefined(fitness) },
    final: {
      ...usual.final,
      convolution,
      ...withoutUndefined({ shift: jitter }),
      ...withoutUndefined(final),
    },
    // a single class is refused with the faces, which say more about it
    bounds: { ...bounds, frame: dataset.frame, classes: Math.max(2, dataset.classes.length) },
  };
  const dependent = parse(dependentSchema, given, 'INVALID_OPTION');
  const ladder = ladderOf(dependent.fitness, Math.floor(INNER_SHARE * trainingRows));
  const sampler = typeof rest.sampler === 'string' ? samplers[rest.sampler] : rest.sampler;
  return {
    ...rest,
    ...dependent,
    convolution,
    objectives: rest.objectives.map(objectiveFrom),
    sampler,
    operators: [...GENOME_OPERATORS, ...rest.operators],
    surrogate: rest.surrogate && sampler !== samplers.random,
    startGenomes: startGenomesOf(rest, dependent.bounds),
    plans: plans ?? [{ from: 0, generations: rest.generations }],
    ladder,
    topRung: ladder.length - 1,
  };
}

/** The genomes to start from, and hand-made layouts for up to half of a population. */
function startGenomesOf(
  { startFrom, seedLayouts, population }: Pick<EvolveSettings, 'startFrom' | 'seedLayouts' | 'population'>,
  bounds: GenomeBounds,
): Genome[] {
  const given = typeof startFrom === 'string' ? [] : (startFrom ?? []);
  const layouts = seedLayouts ? sensibleLayouts(bounds).slice(0, Math.floor(population / 2)) : [];
  return [...given.map((genome) => parseGenome(genome, bounds)), ...layouts];
}

/** What options are that are left out, for a data set with this many training rows. */
export function evolveDefaults(trainingRows: number) {
  return {
    ...defaultsOf(EVOLVE_TABLE),
    fitness: defaultFitnessTraining(trainingRows),
    final: defaultFinalTraining(trainingRows),
  };
}

function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
