import { EvopatchError } from '../../core/errors.ts';
import { listed } from '../../data/class-counts.ts';
import { type Dataset, indicesOf, SPLITS, type Split } from '../../data/dataset.ts';
import { withClassesOf } from '../../data/match-classes.ts';
import { type Predictor, singleNetwork } from '../../ensemble/ensemble.ts';
import { readModel } from '../../ensemble/ensemble-file.ts';
import { openEngine } from '../../nn/engine.ts';
import type { Model } from '../../nn/model.ts';
import type { Network } from '../../nn/network.ts';
import { type CommandContext, DATA_OPTIONS, type OptionTable, type OptionValues } from '../command.ts';
import { loadData } from '../data/load-data.ts';
import { ENGINE_OPTION } from '../options/shared-options.ts';
import { alignOf } from './model-align.ts';

/** Options of the commands that run a model on the faces of one split. */
export const MODEL_FACES_OPTIONS = {
  model: {
    kind: 'text',
    placeholder: 'FILE',
    input: 'file',
    description: 'A model that evolve saved.',
    required: true,
  },
  ...DATA_OPTIONS,
  data: { ...DATA_OPTIONS.data, required: true },
  align: { ...DATA_OPTIONS.align, default: "the model's" },
  split: {
    kind: 'text',
    placeholder: 'NAME',
    choices: [...SPLITS, 'all'],
    description: "The faces to use: 'train', 'validation', 'test' or 'all'.",
    default: 'test, or validation if it is empty, or train',
  },
  engine: ENGINE_OPTION,
} as const satisfies OptionTable;

/** A model and the faces that it is run on. */
export interface ModelFaces<Predicting extends Predictor = Network> {
  readonly model: Model<Predicting>;
  /** With the model's classes, in its order. */
  readonly dataset: Dataset;
  /** Name of the split, or 'all'. */
  readonly split: string;
  readonly indices: Uint32Array;
}

/**
 * Reads a single model, and loads the data as the model was trained.
 *
 * @param checkModel throws where the options do not suit the model, before the data are loaded
 * @throws EvopatchError as `loadPredictorFaces`, and `INVALID_MODEL` for an ensemble, before the data are loaded.
 */
export async function loadModelFaces(
  values: OptionValues<typeof MODEL_FACES_OPTIONS>,
  context: CommandContext,
  checkModel: (model: Model) => void = () => undefined,
): Promise<ModelFaces> {
  const model = singleNetwork(await readModel(values.model, await openEngine(values.engine)), values.model);
  checkModel(model);
  return await facesOf(model, values, context);
}

/**
 * Reads a model or an ensemble, and loads the data as it was trained.
 *
 * @throws EvopatchError `INVALID_MODEL`; `INVALID_DATA` where the model does not know a class or the split is empty; what `loadData`
 * throws.
 */
export async function loadPredictorFaces(
  values: OptionValues<typeof MODEL_FACES_OPTIONS>,
  context: CommandContext,
): Promise<ModelFaces<Predictor>> {
  return await facesOf(await readModel(values.model, await openEngine(values.engine)), values, context);
}

async function facesOf<Predicting extends Predictor>(
  model: Model<Predicting>,
  values: OptionValues<typeof MODEL_FACES_OPTIONS>,
  context: CommandContext,
): Promise<ModelFaces<Predicting>> {
  const align = values.align ?? alignOf(model, values.model);
  const loaded = await loadData({ ...values, align }, context);
  const dataset = asModelReads(model, loaded, values.model);
  return { model, dataset, ...chooseSplit(dataset, values.split) };
}

/**
 * Gives the data the model's classes, in its order.
 *
 * @throws EvopatchError `INVALID_DATA` where the model does not know a class, `INVALID_MODEL` where the frames differ.
 */
export function asModelReads(model: Model<Predictor>, dataset: Dataset, file: string): Dataset {
  const same = (['size', 'border', 'noseX', 'noseY'] as const).every(
    (side) => model.frame[side] === dataset.frame[side],
  );
  if (!same) {
    const problem = 'this release makes other face frames than the model reads';
    throw new EvopatchError('INVALID_MODEL', problem, { file, given: model.frame });
  }
  return withClassesOf(dataset, model.classes, file);
}

/** Lists the classes of the model without any of the faces. */
export function classesWithoutFaces({
  dataset: { classes, labels },
  indices,
}: Pick<ModelFaces<Predictor>, 'dataset' | 'indices'>): string[] {
  const occurring = new Set(Array.from(indices, (sample) => labels[sample]));
  return classes.filter((_, label) => !occurring.has(label));
}

/** Describes these classes in a line, where there are any. */
export function describeWithoutFaces(names: readonly string[]): string[] {
  return names.length === 0
    ? []
    : [`The model also knows ${listed(names)}, of which there are no faces here.`];
}

function chooseSplit(
  dataset: Pick<Dataset, 'name' | 'splits' | 'count'>,
  wanted: string | undefined,
): Pick<ModelFaces, 'split' | 'indices'> {
  if (wanted === 'all')
    return { split: 'all', indices: Uint32Array.from({ length: dataset.count }, (_, i) => i) };
  const candidates = wanted === undefined ? SPLITS.toReversed() : [wanted as Split];
  for (const split of candidates) {
    const indices = indicesOf(dataset, split);
    if (indices.length > 0) return { split, indices };
  }
  const counts = SPLITS.map((split) => `${indicesOf(dataset, split).length} ${split}`);
  const hint = `There are ${counts.join(', ')}; '--split all' uses all faces`;
  const problem = `'${dataset.name}' has no faces in this split`;
  throw new EvopatchError('INVALID_DATA', problem, { option: '--split', given: wanted, hint });
}
