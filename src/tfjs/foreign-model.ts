import { EvopatchError } from '../core/errors.ts';
import type { Predictor } from '../ensemble/ensemble.ts';
import { modelOfContent } from '../ensemble/ensemble-content.ts';
import { ALIGNMENTS, type AlignmentMethod } from '../landmarks/alignment.ts';
import { FACE_FRAME } from '../landmarks/frame-geometry.ts';
import type { CropLayer } from '../network/spec.ts';
import type { Engine } from '../nn/engine.ts';
import type { Model } from '../nn/model.ts';
import type { NamedTensor } from '../nn/safetensors.ts';
import { MODEL_FORMAT } from '../nn/sealed.ts';
import { LAYER_READERS } from './foreign-layers.ts';
import { LayerChain } from './layer-chain.ts';
import { LayerSettings } from './layer-settings.ts';
import { type GivenLayer, type GivenTopology, readTopology } from './topology-schema.ts';

/** A layers model of others as it was read. */
export interface ForeignLayersModel {
  readonly topology: object;
  readonly arrays: ReadonlyMap<string, NamedTensor>;
}

/** See `modelFromTfjs`. */
export function importForeign(
  { topology, arrays }: ForeignLayersModel,
  engine: Engine,
  {
    classes,
    align = 'similarity',
  }: { readonly classes?: readonly string[]; readonly align?: AlignmentMethod },
): Model<Predictor> {
  if (classes === undefined) {
    const hint = 'Name them in the order of its outputs';
    throw new EvopatchError('INVALID_OPTION', 'the model does not name its classes', {
      option: 'classes',
      hint,
    });
  }
  if (!ALIGNMENTS.includes(align)) {
    const hint = `Choose one of ${ALIGNMENTS.join(', ')}`;
    throw new EvopatchError('INVALID_OPTION', 'there is no such alignment', {
      option: 'align',
      given: align,
      hint,
    });
  }
  const [first, ...others] = chainOf(readTopology(topology));
  const chain = new LayerChain(arrays, faceOf(first), FACE_FRAME.size);
  for (const layer of first.className === 'InputLayer' ? others : [first, ...others]) {
    const settings = new LayerSettings(layer);
    if (chain.ended) settings.fail('nothing may follow the softmax', layer.className);
    const read = LAYER_READERS[layer.className];
    if (read === undefined) {
      const hint = `Known are ${Object.keys(LAYER_READERS).join(', ')}`;
      settings.fail('evopatch has no layer of this class', layer.className, hint);
    }
    read(chain, settings);
  }
  const { layers, tensors } = chain.finish();
  const network = { name: 'imported', frameSize: FACE_FRAME.size, classes: classes.length, layers };
  const fields = { network, classes, frame: FACE_FRAME, info: { align } };
  return modelOfContent({ format: MODEL_FORMAT, fields, tensors }, engine);
}

/** Orders layers from the input to the output. @throws EvopatchError `INVALID_MODEL` if they branch. */
function chainOf({ layers, ends }: GivenTopology): GivenLayer[] {
  if (ends === undefined) return [...layers];
  const chain = layers.filter(({ uses }) => uses.length === 0);
  for (const one of layers) {
    if (one.uses.length > 1 || (one.uses[0]?.length ?? 1) !== 1) {
      new LayerSettings(one).fail('only models without branches can be imported, and this layer joins some');
    }
  }
  while (chain.length < layers.length) {
    const end = chain[chain.length - 1];
    const readers = layers.filter(({ uses }) => uses[0]?.[0][0] === end?.name);
    if (readers.length === 1 && !chain.includes(readers[0])) chain.push(readers[0]);
    else
      new LayerSettings(end ?? layers[0]).fail(
        'only models without branches can be imported, and one begins here',
      );
  }
  const last = chain[chain.length - 1];
  if (ends.outputs.length === 1 && ends.outputs[0] === last.name) return chain;
  return new LayerSettings(last).fail('the output of the model must be that of its last layer', ends.outputs);
}

/** Finds the part of the frame that a model reads. */
function faceOf(first: GivenLayer): CropLayer {
  const settings = new LayerSettings(first);
  const shape = settings.get('batch_input_shape', settings.get('batch_shape'));
  const { size, border } = FACE_FRAME;
  const inset = [0, border].find((margin) => {
    const side = size - 2 * margin;
    return Array.isArray(shape) && `${shape.slice(1)}` === `${[side, side, 1]}`;
  });
  if (inset === undefined) {
    const face = size - 2 * border;
    const hint = `evopatch knows grey faces of ${face}×${face} pixels and their frames of ${size}×${size}`;
    return settings.fail('the model reads something else than grey faces', shape, hint);
  }
  const [width, height] = [size - 2 * inset, size - 2 * inset];
  const name = first.className === 'InputLayer' ? first.name : `${first.name}_input`;
  return { kind: 'crop', name, x: inset, y: inset, width, height, mirror: false, levels: 'raw' };
}
