import * as z from 'zod';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { networkSpecSchema } from '../network/schema.ts';
import type { Engine } from '../nn/engine.ts';
import { checkFit, type Model, modelFields, modelOf, networkOf, tensorsOf } from '../nn/model-file.ts';
import { checkModelLimits } from '../nn/model-limits.ts';
import type { NamedTensor } from '../nn/safetensors.ts';
import {
  decodeSealed,
  ENSEMBLE_FORMAT,
  encodeSealed,
  MODEL_FORMAT,
  namingModel,
  readModelBytes,
  type SealedContent,
} from '../nn/sealed-file.ts';
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
 * Writes an ensemble as one `.safetensors` file: the arrays of member 0 behind '0/' and so on, and as JSON the members'
 * networks, genomes and infos, how they are combined, and classes, frame and info as in the file of a single model.
 *
 * @throws EvopatchError `INVALID_MODEL` if the parts are not compatible, `FILE_SYSTEM`.
 */
export async function saveEnsemble(file: string, model: Model<Ensemble>): Promise<void> {
  const { network: ensemble, classes, frame, info } = model;
  const { combination, weights } = ensemble;
  const members = ensemble.members.map(({ network, genome, info: own }) => {
    return { network: network.spec, ...(genome === undefined ? {} : { genome }), info: own };
  });
  const fields = { members, combination, weights, classes, frame, info };
  const bytes = namingModel(file, 'Only whole, trained networks can be saved', () => {
    checkContent(fields);
    const tensors = new Map<string, NamedTensor>();
    for (const [index, { network }] of ensemble.members.entries()) {
      for (const [name, tensor] of tensorsOf(network)) tensors.set(`${index}/${name}`, tensor);
    }
    return encodeSealed(ENSEMBLE_FORMAT, { fields, tensors });
  });
  await writeFileAtomic(file, bytes);
}

/**
 * Reads the file of a model of one network or of an ensemble, without what finds faces (see `loadModel`).
 *
 * @throws EvopatchError `INVALID_MODEL` if it is damaged or neither, `FILE_SYSTEM` if it cannot be read.
 */
export async function readModel(file: string, engine: Engine): Promise<Model<Predictor>> {
  const bytes = await readModelBytes(file);
  return namingModel(file, 'Fetch the file again or train the model anew', () => {
    const { format, ...content } = decodeSealed(bytes);
    return format === MODEL_FORMAT ? modelOf(content, engine) : readContent(content, engine);
  });
}

function readContent({ fields, tensors }: SealedContent, engine: Engine): Model<Ensemble> {
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

function checkContent(value: unknown): Content {
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
