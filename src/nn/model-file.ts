import { writeFileAtomic } from '../core/atomic-file.ts';
import { EvopatchError } from '../core/errors.ts';
import type { Engine } from './arena.ts';
import { checkContent, type Model, modelOf, tensorsOf } from './model.ts';
import { MODEL_FORMAT, namingModel } from './sealed.ts';
import { decodeSealed, encodeSealed, readModelBytes } from './sealed-file.ts';

/**
 * Writes a model as one `.safetensors` file: arrays named and shaped as in `Parameter`, and strings: format, version,
 * network, classes, frame, genome and info as JSON, and the SHA-256 of all that. Equal models give equal bytes.
 *
 * @throws EvopatchError `INVALID_MODEL` if the parts do not fit together, `FILE_SYSTEM`.
 */
export async function saveModel(file: string, model: Model): Promise<void> {
  const { network, classes, frame, genome, info } = model;
  const fields = { network: network.spec, classes, frame, genome, info };
  const bytes = namingModel(file, 'Only whole, trained networks can be saved', () => {
    checkContent(fields);
    return encodeSealed(MODEL_FORMAT, { fields, tensors: tensorsOf(network) });
  });
  await writeFileAtomic(file, bytes);
}

/**
 * Reads the file of a model of one network. `readModel` reads ensembles too, and `loadModel` makes either ready to read faces.
 *
 * @throws EvopatchError `INVALID_MODEL` if it is damaged or an ensemble, `FILE_SYSTEM` if it cannot be read.
 */
export async function readSingleModel(file: string, engine: Engine): Promise<Model> {
  const bytes = await readModelBytes(file);
  return namingModel(file, 'Fetch the file again or train the model anew', () => {
    const { format, ...content } = decodeSealed(bytes);
    if (format === MODEL_FORMAT) return modelOf(content, engine);
    const hint = 'Give one of its member models';
    throw new EvopatchError('INVALID_MODEL', 'this takes a single model, not an ensemble', { hint });
  });
}
