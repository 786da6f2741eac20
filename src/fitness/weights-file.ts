import { writeFileAtomic } from '../core/atomic-file.ts';
import { sha256 } from '../core/hash.ts';
import { readWholeFile } from '../core/open-file.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../nn/safetensors.ts';

type Weights = ReadonlyMap<string, Float32Array>;

/**
 * Writes the weights of an evaluation as a `.safetensors` file with a checksum.
 *
 * @throws EvopatchError `FILE_SYSTEM`
 */
export async function writeWeights(file: string, weights: Weights): Promise<void> {
  await writeFileAtomic(file, encode(weights, { sha256: sha256(encode(weights, {})) }));
}

/** Reads weights; `undefined` if the file is missing or damaged. */
export async function readWeights(file: string): Promise<Weights | undefined> {
  try {
    const { metadata, tensors } = decodeSafetensors(await readWholeFile(file));
    const weights = new Map([...tensors].map(([name, { values }]) => [name, values]));
    return metadata.sha256 === sha256(encode(weights, {})) ? weights : undefined;
  } catch {
    return undefined;
  }
}

function encode(weights: Weights, metadata: Record<string, string>): Uint8Array {
  const tensors = new Map<string, NamedTensor>();
  for (const [name, values] of weights) tensors.set(name, { shape: [values.length], values });
  return encodeSafetensors({ metadata, tensors });
}
