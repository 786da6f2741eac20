// Networks of the patch family in which every gene that changes the way back occurs.

import type { Genome } from '../../src/genome/genome.ts';
import type { NetworkGenes } from '../../src/genome/network-genes.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { everyKind, plainNetwork } from './networks.ts';

const PATCHES: Genome['patches'] = [
  { dx: -11, dy: -12, width: 13, height: 10, mirrored: true, scale: 1 },
  { dx: 0, dy: 12, width: 18, height: 11, mirrored: false, scale: 2 },
  { dx: 3, dy: 8, width: 12, height: 12, mirrored: false, scale: 1 }, // overlaps the one before
  { dx: -9, dy: 2, width: 9, height: 14, mirrored: true, scale: 2 },
];
const GENES: NetworkGenes = {
  branches: 'separate',
  filters: [4, 8],
  convolutions: 1,
  convolution: 'full',
  kernel: 3,
  head: 'flatten',
  denseUnits: 8,
  dropout: 0.2,
  pooling: 'max',
};

export function patchNetwork(genes: Partial<NetworkGenes> = {}, patches = PATCHES): NetworkSpec {
  const genome = { patches, network: { ...GENES, ...genes } };
  return toNetworkSpec(genome, { classes: 3, frame: FACE_FRAME });
}

/** Networks by their particular layers. */
export const GRADIENT_NETWORKS: Readonly<Record<string, NetworkSpec>> = {
  'every kind of layer': everyKind(),
  'one whole frame, pools and biases': plainNetwork(17, 5),
  'mirrored pairs, half scale and overlaps': patchNetwork(),
  'shared kernels and residual connections': patchNetwork({ branches: 'shared', convolutions: 2 }),
  'separable convolutions, 5×5, global pooling': patchNetwork({
    convolution: 'separable',
    kernel: 5,
    head: 'global-pooling',
    dropout: 0,
  }),
  'anti-aliased pools': patchNetwork({ pooling: 'anti-aliased' }),
};
