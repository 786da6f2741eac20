import { inputNames } from '../network/describe.ts';
import type { LayerSpec, NetworkSpec } from '../network/spec.ts';

/**
 * Finds the last convolutions of a network, in order: those that no other follows. A branched network has one per branch,
 * or two if a branch ends in a sum of convolutions.
 */
export function lastConvolutions({ layers }: NetworkSpec): string[] {
  const followed = new Set<string>();
  for (const layer of layers.toReversed()) {
    if (layer.kind !== 'conv2d' && !followed.has(layer.name)) continue;
    for (const name of inputNames(layer)) followed.add(name);
  }
  return layers.filter(({ kind, name }) => kind === 'conv2d' && !followed.has(name)).map(({ name }) => name);
}

/**
 * Finds the layer whose output the rest of the network reads from a convolution: follows normalisation, residual sum and
 * ReLU as long as each is the only reader of the layer before it.
 */
export function activationOf(spec: NetworkSpec, convolution: string): string {
  const readers = spec.layers.filter((layer) => inputNames(layer).includes(convolution));
  const [reader, ...others] = readers;
  const goesOn = others.length === 0 && reader !== undefined && isActivation(reader);
  return goesOn ? activationOf(spec, reader.name) : convolution;
}

function isActivation({ kind }: LayerSpec): boolean {
  return kind === 'batch-normalization' || kind === 'add' || kind === 'relu';
}
