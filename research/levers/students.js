// The small networks of the study, and the same with wide convolutions.
import { NETWORK } from '../../dist/genome/network-genes.js';

const pair = (dx, dy, width, height, scale = 1) => ({ dx, dy, width, height, mirrored: true, scale });
const single = (dx, dy, width, height, scale = 1) => ({ dx, dy, width, height, mirrored: false, scale });

const EYES_AND_MOUTH = [pair(-10, -12, 18, 14), single(0, 10, 26, 14)];
const MOUTH = [single(0, 7, 24, 12)];
/** At most 6 % of the face, all of it on the mouth. */
const TINY = {
  corners: [pair(-5, 7, 8, 8)],
  'corners-low': [pair(-5, 9, 8, 8)],
  'corners-out': [pair(-8, 7, 8, 8)],
  strip: [single(0, 8, 26, 5)],
  'flat-pair': [pair(-6, 8, 11, 6)],
  'tall-pair': [pair(-8, 8, 5, 13)],
  middle: [single(0, 9, 14, 9)],
};

/** Makes the genes of a network whose patches share their kernels. */
function shared(convolutions, filters, denseUnits) {
  const sizes = { convolutions, filters, kernel: 3, denseUnits, dropout: 0 };
  return NETWORK.complete({ ...sizes, branches: 'shared', head: 'flatten' });
}

/** Genomes by name: layouts placed by hand, sizes in thousands of parameters. */
export const STUDENTS = {
  // FER2013: 38 % of the face
  'face-20k': { patches: EYES_AND_MOUTH, network: shared(1, [12, 24, 36], 32) },
  'face-60k': { patches: EYES_AND_MOUTH, network: shared(2, [20, 32, 40], 48) },
  // Smiles: the mouth, 12.5 % of the face, and at most 6 % of it
  'mouth-1k': { patches: MOUTH, network: shared(2, [4, 4, 4], 8) },
  'mouth-5k': { patches: MOUTH, network: shared(2, [8, 12, 12], 8) },
  ...Object.fromEntries(
    Object.entries(TINY).flatMap(([name, patches]) => [
      [`${name}-1k`, { patches, network: shared(2, [4, 4], 8) }],
      [`${name}-5k`, { patches, network: shared(2, [8, 12], 16) }],
      [`${name}-20k`, { patches, network: shared(2, [16, 24], 32) }],
    ]),
  ),
};

/** How many times as many channels the two inner ends of a widened convolution have. */
const EXPANSION = 2;

/**
 * Writes each convolution as three without a non-linearity between them, 1×1, k×k and 1×1, which one convolution can
 * replace after training (ExpandNets, Guo et al. 2020, arXiv 1811.10495).
 */
export function expandConvolutions(spec) {
  const channels = new Map(); // of the layers' outputs, as far as convolutions need them
  const layers = spec.layers.flatMap((layer) => {
    const input = channels.get(layer.input ?? layer.inputs?.[0]);
    channels.set(layer.name, layer.kind === 'crop' ? 1 : (layer.filters ?? input));
    if (layer.kind !== 'conv2d') return [layer];
    const part = (suffix, given) => ({
      ...layer,
      ...given,
      name: layer.name + suffix,
      ...(layer.shares === undefined ? {} : { shares: layer.shares + suffix }),
    });
    const narrow = { kernel: [1, 1], stride: 1 };
    return [
      part('.in', { ...narrow, filters: EXPANSION * input }),
      part('.wide', { input: `${layer.name}.in`, filters: EXPANSION * layer.filters }),
      part('', { ...narrow, input: `${layer.name}.wide` }),
    ];
  });
  return { ...spec, layers };
}
