import { EvopatchError } from '../core/errors.ts';
import { evenly } from '../core/evenly.ts';
import { type Dataset, indicesOf } from '../data/dataset.ts';
import { Ensemble, networksOf, type Predictor } from '../ensemble/ensemble.ts';
import { samplesOf } from '../fitness/evaluate.ts';
import { describeFrame, type Model } from '../nn/model.ts';
import type { Network } from '../nn/network.ts';
import { quantizeNetwork } from './quantize-network.ts';

/** Faces that the ranges are measured on. */
const CALIBRATION_FACES = 1000;

/**
 * Makes a model compute with 8-bit integers: its answers are those that `modelToOnnx` then gives it in other runtimes. The range
 * of each layer's outputs is measured on faces, which need no labels; `quantizeNetwork` says how numbers are rounded. Its
 * `info` names the kind as `quantized`. A quarter of the size, and faster where a runtime has integer instructions.
 *
 * @param indices the faces to measure ranges on; by default up to 1,000 of the training split, or of all without one
 * @throws EvopatchError `INVALID_MODEL` if it computes with integers already or its weights are not whole, `INVALID_DATA` if the
 * faces are of other frames than the model's, or none.
 */
export function quantizeModel(
  model: Model<Predictor>,
  dataset: Dataset,
  indices: Uint32Array = calibrationFaces(dataset),
): Model<Predictor> {
  const { network: predictor, frame, info } = model;
  const layers = networksOf(predictor).flatMap(({ spec }) => spec.layers);
  if (layers.some(({ kind }) => kind === 'quantize')) {
    throw new EvopatchError('INVALID_MODEL', 'the model computes with integers already', {
      hint: 'Quantize the model that it was made of',
    });
  }
  if (describeFrame(dataset.frame) !== describeFrame(frame)) {
    const data = { given: dataset.frame, hint: `The model reads ${describeFrame(frame)}` };
    throw new EvopatchError('INVALID_DATA', 'the faces have other frames than the model reads', data);
  }
  if (indices.length === 0)
    throw new EvopatchError('INVALID_DATA', 'there are no faces to measure ranges on');
  const small = (network: Network) => quantizeNetwork(network, samplesOf(dataset), indices);
  const network =
    predictor instanceof Ensemble
      ? new Ensemble(
          predictor.members.map((member) => ({ ...member, network: small(member.network) })),
          predictor.combination,
          predictor.weights,
        )
      : small(predictor);
  return { ...model, network, info: { ...info, quantized: 'int8' } };
}

/** Picks faces that ranges are measured on: up to 1,000 of the training split, evenly, or of all if it is empty. */
export function calibrationFaces(dataset: Dataset): Uint32Array {
  const training = Array.from(indicesOf(dataset, 'train'));
  const from = training.length > 0 ? training : Array.from({ length: dataset.count }, (_, i) => i);
  return Uint32Array.from(evenly(from, CALIBRATION_FACES));
}
