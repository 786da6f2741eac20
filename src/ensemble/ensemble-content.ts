import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { networkSpecSchema } from '../network/schema.ts';
import type { Engine } from '../nn/arena.ts';
import { checkFit, type Model, modelFields, modelOf, networkOf } from '../nn/model.ts';
import { checkModelLimits } from '../nn/model-limits.ts';
import type { NamedTensor } from '../nn/safetensors.ts';
import { MODEL_FORMAT, type SealedContent, type UnsealedContent } from '../nn/sealed.ts';
import { COMBINATIONS } from './combine.ts';
import { Ensemble, type Predictor } from './ensemble.ts';

const memberSchema = z.strictObject({
  network: networkSpecSchema,
  genome: z.unknown().optional(),
  info: modelFields.info,
});
const contentSchema = z.strictObject({
  ...modelFields,
  members: z.array(memberSchema).min(1).max(1000),
  combination: z.enum(COMBINATIONS),
  weights: z.array(z.array(z.number().min(0))),
});
type Content = z.output<typeof contentSchema>;

/**
 * Makes the model of a file's content, of one network or an ensemble.
 *
 * @throws EvopatchError `INVALID_MODEL`, without the name of the file.
 */
export function modelOfContent({ format, ...content }: UnsealedContent, engine: Engine): Model<Predictor> {
  return format === MODEL_FORMAT ? modelOf(content, engine) : ensembleOfContent(content, engine);
}

function ensembleOfContent({ fields, tensors }: SealedContent, engine: Engine): Model<Ensemble> {
  const { members, combination, weights, classes, frame, info } = checkContent(fields);
  const parts = members.map(() => new Map<string, NamedTensor>());
  for (const [name, tensor] of tensors) {
    const slash = name.indexOf('/');
    const part = parts.find((_, index) => name.slice(0, slash) === `${index}`);
    if (part === undefined) throw invalid('the ensemble has no such array', name);
    part.set(name.slice(slash + 1), tensor);
  }
  const read = members.map(({ network, genome, info: own }, index) => ({
    network: networkOf(engine, network, parts[index]),
    ...(genome === undefined ? {} : { genome }),
    info: own,
  }));
  return { network: new Ensemble(read, combination, weights), classes, frame, info };
}

/** @throws EvopatchError `INVALID_MODEL`, without the name of the file. */
export function checkContent(value: unknown): Content {
  const content = parse(contentSchema, value, 'INVALID_MODEL');
  const { members, weights, classes } = content;
  for (const { network } of members) checkFit(network, content);
  checkModelLimits(members.map(({ network }) => network));
  if (weights.length !== members.length || weights.some((row) => row.length !== classes.length)) {
    const problem = `the ensemble needs ${members.length} times ${classes.length} weights`;
    throw invalid(problem, `${weights.length} times ${weights[0]?.length}`);
  }
  const lost = classes.find((_, k) => !weights.some((row) => row[k] > 0));
  if (lost !== undefined) throw invalid('no member has a weight for this class', lost);
  return content;
}

function invalid(problem: string, given: unknown): EvopatchError {
  return new EvopatchError('INVALID_MODEL', problem, { given });
}
