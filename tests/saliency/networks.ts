import type { Dataset } from '../../src/data/dataset.ts';
import { indicesOf } from '../../src/data/dataset.ts';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import type { Genome } from '../../src/genome/genome.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { openEngine } from '../../src/nn/engine.ts';
import type { Network } from '../../src/nn/network.ts';
import { trainNetwork } from '../../src/nn/train-network.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';

const network = {
  branches: 'separate',
  filters: [8, 16],
  convolutions: 1,
  convolution: 'full',
  kernel: 3,
  head: 'flatten',
  denseUnits: 16,
  dropout: 0,
  pooling: 'max',
} as const;

/** A pair over eyes and brows, the mouth, and one on the forehead where little happens; none overlap. */
export const THREE_PATCHES: Genome = {
  patches: [
    { dx: 0, dy: -26, width: 16, height: 6, mirrored: false, scale: 1 },
    { dx: -10, dy: -13, width: 14, height: 14, mirrored: true, scale: 1 },
    { dx: 0, dy: 9, width: 20, height: 14, mirrored: false, scale: 1 },
  ],
  network,
};

/** Enough drawn faces for a small network to learn something in a second. */
export const drawnFaces = (count = 700): Dataset => syntheticFaces({ count });

export async function trainOn(dataset: Dataset, spec: NetworkSpec, epochs = 4): Promise<Network> {
  const training = indicesOf(dataset, 'train');
  const config = trainingConfig({ epochs, batchSize: 32, flip: false });
  const { frames, labels, frame, classes } = dataset;
  const samples = { frames, labels, frameSize: frame.size, classes: classes.length };
  return trainNetwork(await openEngine(), spec, samples, { training, config, seed: 'a' }).network;
}

/** A network on three patches that knows drawn faces. */
export async function trainedPatches(dataset: Dataset): Promise<Network> {
  return trainOn(
    dataset,
    toNetworkSpec(THREE_PATCHES, { classes: dataset.classes.length, frame: dataset.frame }),
  );
}
