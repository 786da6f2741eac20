import { type NetworkCost, networkCost } from '../network/describe.ts';
import { crop, dense, flatten, writeNetwork } from '../network/notation.ts';
import type { Genome } from './genome.ts';
import { NETWORK, type NetworkGenes } from './network-genes.ts';
import type { NetworkTarget } from './to-network-spec.ts';

/**
 * Counts the parameters and multiply-accumulates of a genome's network, as `networkCost(toNetworkSpec(genome, target))` does, without
 * building it: breeding asks this of many genomes for each that it keeps.
 *
 * @param genome a canonical genome
 */
export function genomeCost(
  { patches, network }: Genome,
  target: Pick<NetworkTarget, 'classes'>,
): NetworkCost {
  const blocks = blocksOf(network);
  let inputs = 0; // of the dense layer
  let positionMacs = 0;
  for (const { width, height, scale, mirrored } of patches) {
    const halves = mirrored ? 2 : 1;
    let rows = Math.floor(height / scale);
    let columns = Math.floor(width / scale);
    const shorterSide = Math.min(rows, columns);
    for (const [index, { weights }] of blocks.entries()) {
      positionMacs += halves * rows * columns * weights;
      if (shorterSide < 2 ** (index + 1)) continue; // has no pool
      rows = Math.floor(rows / 2);
      columns = Math.floor(columns / 2);
    }
    const positions = network.head === 'flatten' ? rows * columns : 1;
    inputs += halves * positions * network.filters[blocks.length - 1];
  }
  const readings = patches.some(({ mirrored }) => mirrored) ? 2 : 1;
  const kernels = network.branches === 'shared' ? 1 : patches.length;
  const tail = tailCost(network, target.classes);
  const weights = blocks.reduce((sum, block) => sum + block.weights, 0);
  const normalised = blocks.reduce((sum, block) => sum + block.normalised, 0);
  const { denseUnits } = network;
  return {
    parameters:
      kernels * weights +
      2 * patches.length * normalised +
      denseUnits * inputs +
      2 * denseUnits +
      tail.parameters,
    macs: positionMacs + readings * denseUnits * inputs + tail.macs,
  };
}

/** For each block, the weights of its convolutions and the channels that it normalises. */
function blocksOf({ filters, convolutions, convolution, kernel }: NetworkGenes) {
  const area = kernel * kernel;
  return filters.map((count, index) => {
    const read = index === 0 ? 1 : filters[index - 1];
    const weightsFrom = (channels: number, isFull: boolean) =>
      isFull ? count * channels * area : channels * area + count * channels;
    const first = weightsFrom(read, convolution === 'full' || index === 0);
    const second = convolutions === 2 ? weightsFrom(count, convolution === 'full') : 0;
    return { weights: first + second, normalised: convolutions * count };
  });
}

/** The cost of all that follows the dense layer: layers of genes, and the logits. */
function tailCost(network: NetworkGenes, classes: number): NetworkCost {
  const { denseUnits } = network;
  return networkCost(
    writeNetwork('tail', denseUnits, classes, {
      units: crop(denseUnits, 1),
      dense: flatten(),
      ...NETWORK.layers(network),
      logits: dense(classes),
    }),
  );
}
