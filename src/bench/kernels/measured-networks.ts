import type { Genome } from '../../genome/genome.ts';
import { NETWORK } from '../../genome/network-genes.ts';
import { toNetworkSpec } from '../../genome/to-network-spec.ts';
import { FACE_FRAME } from '../../landmarks/frame-geometry.ts';
import { referenceNetwork } from '../../network/reference-network.ts';
import type { NetworkSpec } from '../../network/spec.ts';
import { zooNetwork } from '../../zoo/zoo.ts';

/** The genome that a search on FER2013 chose, with a deep network: 95,575 parameters (docs/results/fer2013.md). */
const EVOLVED: Genome = {
  patches: [
    { dx: 1, dy: -16, width: 16, height: 16, mirrored: false, scale: 1 },
    { dx: -12, dy: -11, width: 14, height: 8, mirrored: true, scale: 1 },
    { dx: -7, dy: 8, width: 16, height: 16, mirrored: true, scale: 1 },
  ],
  network: NETWORK.complete({
    branches: 'shared',
    filters: [16, 32, 48],
    convolutions: 2,
    kernel: 3,
    head: 'flatten',
    denseUnits: 64,
    dropout: 0.1,
  }),
};

/** The networks whose kernels are measured, by name: patches, the reference, two of the literature, the whole face. */
export const MEASURED_NETWORKS = {
  evolved: () => ({ ...toNetworkSpec(EVOLVED, { classes: 7, frame: FACE_FRAME }), name: 'evolved' }),
  reference: referenceNetwork,
  miniXception: () => zooNetwork('miniXception'),
  microExpNet: () => zooNetwork('microExpNet'),
  baseline: () => zooNetwork('baseline'),
} as const satisfies Readonly<Record<string, () => NetworkSpec>>;
