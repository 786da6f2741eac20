import { writeFileAtomic } from '../core/atomic-file.ts';
import type { Engine } from '../nn/arena.ts';
import { type Model, tensorsOf } from '../nn/model.ts';
import type { NamedTensor } from '../nn/safetensors.ts';
import { ENSEMBLE_FORMAT, namingModel } from '../nn/sealed.ts';
import { decodeSealed, encodeSealed, readModelBytes } from '../nn/sealed-file.ts';
import type { Ensemble, Predictor } from './ensemble.ts';
import { checkContent, modelOfContent } from './ensemble-content.ts';

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
    return modelOfContent(decodeSealed(bytes), engine);
  });
}
