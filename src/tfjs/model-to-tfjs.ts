import { VERSION } from '../core/version.ts';
import { Ensemble, networksOf, type Predictor } from '../ensemble/ensemble.ts';
import type { Model } from '../nn/model.ts';
import type { Network } from '../nn/network.ts';
import type { TfjsArtifacts } from './artifacts.ts';
import { addCombination } from './combination-layers.ts';
import { FrameLayers } from './frame-layers.ts';
import { LayerList } from './layer-list.ts';
import { addNetwork } from './network-layers.ts';

/** How the metadata say what they are. */
export const TFJS_FORMAT = 'evopatch tfjs';
export const TFJS_VERSION = '1';
export const NO_LICENSE = 'unspecified';

/** The names of the model's input and output. */
const INPUT = 'frames';
const OUTPUT = 'probabilities';

export interface TfjsOptions {
  /** Licence of the model, as 'CC-BY-4.0'. @defaultValue 'unspecified' */
  readonly license?: string;
}

/**
 * Writes a model or an ensemble as a layers model of TensorFlow.js, of its own layers only. It turns grey levels 0 to 255,
 * [N][size][size][1], into probabilities, [N][classes]; all that the networks do to a face frame is inside. Layers keep their
 * names, behind 'network/' or 'member0/' and so on. The metadata (`model.getUserDefinedMetadata()`) hold `classes`, `frame` (see
 * `ModelFrame`), `info`, `genome` if there is one, `license`, and what `modelFromTfjs` needs. Equal models give equal bytes.
 *
 * ```ts
 * const layersModel = await tf.loadLayersModel(tf.io.fromMemory(modelToTfjs(model)));
 * ```
 *
 * @throws EvopatchError `INVALID_MODEL` if the weights are not whole; `INVALID_NETWORK` for a network of 8-bit integers.
 */
export function modelToTfjs(model: Model<Predictor>, options: TfjsOptions = {}): TfjsArtifacts {
  return layersModelOf(model, options).artifacts;
}

/** A layers model and, for each network, the layers that have arrays by the names of its own. */
export interface LayersModel {
  readonly artifacts: TfjsArtifacts;
  readonly owners: readonly ReadonlyMap<string, string>[];
}

/** See `modelToTfjs`. */
export function layersModelOf(
  model: Model<Predictor>,
  { license = NO_LICENSE }: TfjsOptions = {},
): LayersModel {
  const { network, classes, frame, info, genome } = model;
  const list = new LayerList();
  const frames = new FrameLayers(list, INPUT, frame.size);
  const isEnsemble = network instanceof Ensemble;
  const networks = networksOf(network).map((one, i) => {
    return addNetwork(list, frames, one, isEnsemble ? `member${i}/` : 'network/');
  });
  const logits = networks.map((one) => one.logits);
  const output = isEnsemble
    ? addCombination(list, logits, network, OUTPUT)
    : list.add('Activation', OUTPUT, logits, { activation: 'softmax' });
  const parts = isEnsemble
    ? {
        members: network.members.map(({ network: one, info: own, genome: genes }) => {
          return { ...described(one), info: own, ...(genes !== undefined && { genome: genes }) };
        }),
        combination: network.combination,
        weights: network.weights,
      }
    : described(network);
  const metadata = {
    format: TFJS_FORMAT,
    version: TFJS_VERSION,
    license,
    classes,
    frame,
    info,
    ...(genome !== undefined && { genome }),
    ...parts,
  };
  const artifacts: TfjsArtifacts = {
    format: 'layers-model',
    generatedBy: `evopatch ${VERSION}`,
    convertedBy: null,
    modelTopology: list.topology(isEnsemble ? 'ensemble' : network.spec.name, frames.input, output),
    ...list.weights(),
    userDefinedMetadata: JSON.parse(JSON.stringify(metadata)),
  };
  return { artifacts, owners: networks.map((one) => one.owners) };
}

/** The array that no layer of TensorFlow.js has. */
const UPDATES = '/updates';

/** What layers do not hold: the network as a spec, and the number of updates of the running statistics by layer. */
function described({ spec, weights }: Network) {
  const updates = Array.from(weights).flatMap(([name, [count]]) => {
    return name.endsWith(UPDATES) ? [[name.slice(0, -UPDATES.length), count]] : [];
  });
  return { network: spec, updates: Object.fromEntries(updates) };
}
