import * as z from 'zod';
import type { OpenEvaluator } from '../fitness/evaluator.ts';
import type { Genome } from '../genome/genome.ts';
import { genomeSchema } from '../genome/genome-schema.ts';
import { GENOME_OPERATORS, type GenomeOperator } from '../genome/operators.ts';
import type { CustomObjective, Objective } from '../search/objective.ts';
import { OBJECTIVES, type ObjectiveName, objectiveFrom } from '../search/objectives.ts';
import { SAMPLERS, type Sampler, type SamplerName } from '../search/samplers/sampler.ts';

// Parts of a search that a user may define. A run records their names, and is resumed with parts of the same names.

const isFunction = (value: unknown) => typeof value === 'function';
const functionSchema = z.custom<never>(isFunction, 'must be a function');
const partName = (shipped: readonly string[]) =>
  z
    .string()
    .regex(/^[a-z][a-z\d-]*$/i, 'must be letters, digits and hyphens')
    .refine((name) => !shipped.includes(name), 'is the name of a part of evopatch');

const customObjective = z.object({
  name: partName(OBJECTIVES),
  reference: z.number().positive(),
  measure: functionSchema,
});

const nameOf = (objective: ObjectiveName | CustomObjective) =>
  typeof objective === 'string' ? objective : objective.name;

export const objectivesSchema = z
  .array(
    z.union(
      [z.enum(OBJECTIVES), customObjective as unknown as z.ZodType<CustomObjective, CustomObjective>],
      `must be one or more of ${OBJECTIVES.join(', ')}`,
    ),
  )
  .min(1)
  .refine(([first]) => first === 'loss' || first === 'error', "must begin with 'loss' or 'error'")
  .refine(
    (objectives) => new Set(objectives.map(nameOf)).size === objectives.length,
    'must not name an objective twice',
  )
  .default(['loss', 'parameters', 'pixels'])
  .readonly();

/** The objectives as a run records them: a name, or the name and the reference of one that the user defined. */
export function recordedObjectives(objectives: readonly Objective[]) {
  return objectives.map(({ name, custom }) =>
    custom === undefined ? name : { name, reference: custom.reference },
  );
}

/** The objectives that a run recorded, to rank its genomes with; those of the user's own cannot measure any. */
export function readObjectives(recorded: unknown): Objective[] {
  const own = customObjective.omit({ measure: true });
  const schema = z.array(z.union([z.enum(OBJECTIVES), own])).catch(['loss', 'parameters']);
  return schema.parse(recorded).map((one) => objectiveFrom(one as ObjectiveName | CustomObjective));
}

const customSampler = z.looseObject({
  name: partName(SAMPLERS),
  ask: functionSchema,
  tell: functionSchema,
}) as unknown as z.ZodType<Sampler, Sampler>;

export const samplerSchema = z
  .union([z.enum(SAMPLERS), customSampler], `must be one of ${SAMPLERS.join(', ')}`)
  .default('nsga2') as z.ZodDefault<z.ZodType<SamplerName | Sampler, SamplerName | Sampler>>;

const operatorName = partName(GENOME_OPERATORS.map(({ name }) => name));
const customOperator = z.looseObject({
  kind: z.enum(['mutation', 'crossover']),
  name: operatorName,
  weight: z.number().min(0),
  apply: functionSchema,
}) as unknown as z.ZodType<GenomeOperator, GenomeOperator>;

export const operatorsSchema = z
  .array(customOperator)
  .refine(
    (operators) => new Set(operators.map(({ name }) => name)).size === operators.length,
    'must have a name each',
  )
  .default([])
  .readonly();

export const evaluatorSchema = z.custom<OpenEvaluator>(isFunction, 'must be a function').optional();

export const startFromSchema = z.union(
  [z.string().min(1), z.array(genomeSchema).min(1)],
  'must be the folder of a run, or genomes',
) as z.ZodType<string | readonly Genome[], string | readonly Genome[]>;
