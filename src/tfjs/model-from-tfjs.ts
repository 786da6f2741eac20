import { EvopatchError } from '../core/errors.ts';
import type { Predictor } from '../ensemble/ensemble.ts';
import type { AlignmentMethod } from '../landmarks/alignment.ts';
import type { Engine } from '../nn/engine.ts';
import type { Model } from '../nn/model.ts';
import { importForeign } from './foreign-model.ts';
import { TFJS_FORMAT } from './model-to-tfjs.ts';
import { importOwn } from './own-model.ts';
import { type LoadedLayersModel, readArrays } from './read-artifacts.ts';

/** What an imported model's `info` says of where it comes from. */
export const IMPORTED_FROM = 'TensorFlow.js';

export interface TfjsImport {
  /** Names of the classes, in the order of the outputs; needed for a model that evopatch did not write, and only there. */
  readonly classes?: readonly string[];
  /** How the faces that the model learnt from were aligned; only for a model that evopatch did not write. @defaultValue 'similarity' */
  readonly align?: AlignmentMethod;
}

/**
 * Makes a model of a layers model of TensorFlow.js (`ModelArtifacts` of its `tf.io`): one that `modelToTfjs` wrote, possibly
 * trained further since, with the same bits of every weight; or a chain of layers from grey faces, [N][48][48][1] or whole
 * frames, [N][64][64][1], to a softmax over classes. Convolutions, separable ones too, dense layers, batch normalisation, ReLU,
 * pools, dropout and scales are known.
 *
 * @throws EvopatchError `INVALID_MODEL` that names the layer at fault and says why; `INVALID_OPTION`.
 */
export function modelFromTfjs(
  artifacts: LoadedLayersModel,
  engine: Engine,
  options: TfjsImport = {},
): Model<Predictor> {
  const { modelTopology, userDefinedMetadata: metadata } = artifacts;
  if (typeof modelTopology !== 'object' || modelTopology === null) {
    throw new EvopatchError('INVALID_MODEL', 'the model has no topology', { given: typeof modelTopology });
  }
  const arrays = readArrays(artifacts);
  const isOwn = (metadata as { format?: unknown } | null | undefined)?.format === TFJS_FORMAT;
  const [needless] = isOwn ? Object.entries(options).filter(([, value]) => value !== undefined) : [];
  if (needless !== undefined) {
    const [option, given] = needless;
    throw new EvopatchError('INVALID_OPTION', 'the model says this itself', { option, given });
  }
  const model = isOwn
    ? importOwn({ topology: modelTopology, arrays, metadata }, engine)
    : importForeign({ topology: modelTopology, arrays }, engine, options);
  return { ...model, info: { ...model.info, importedFrom: IMPORTED_FROM } };
}
