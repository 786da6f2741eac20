import type { RandomStream } from '../core/random.ts';
import type { GenomeBounds } from './bounds.ts';
import { BLOCKS, DENSE_UNITS, DROPOUT_RATES, FILTERS, type NetworkGenes } from './genome.ts';

/** Changes one network gene; the sizes, which matter most, more often than the others. */
export function changeNetwork(
  network: NetworkGenes,
  bounds: GenomeBounds,
  random: RandomStream,
): NetworkGenes {
  const { filters, denseUnits } = network;
  switch (
    random.pick([
      'filters',
      'filters',
      'units',
      'units',
      'blocks',
      'convolutions',
      'convolution',
      'branches',
      'kernel',
      'head',
      'dropout',
    ] as const)
  ) {
    case 'filters': {
      const block = random.integer(0, filters.length - 1);
      const changed = filters[block] + FILTERS.step * smallStep(random);
      return {
        ...network,
        filters: filters.with(block, clamp(changed, bounds.minimumFilters, bounds.maximumFilters)),
      };
    }
    case 'units': {
      const changed = denseUnits + DENSE_UNITS.step * smallStep(random);
      return { ...network, denseUnits: clamp(changed, bounds.minimumDenseUnits, bounds.maximumDenseUnits) };
    }
    case 'blocks': {
      const block = random.integer(0, filters.length - 1);
      // One block less, or the same block twice.
      const changed =
        filters.length < BLOCKS.maximum
          ? filters.toSpliced(block, 0, filters[block])
          : filters.toSpliced(block, 1);
      return { ...network, filters: changed };
    }
    case 'convolutions':
      return { ...network, convolutions: network.convolutions === 1 ? 2 : 1 };
    case 'convolution':
      return { ...network, convolution: network.convolution === 'full' ? 'separable' : 'full' };
    case 'branches':
      return { ...network, branches: network.branches === 'separate' ? 'shared' : 'separate' };
    case 'kernel':
      return { ...network, kernel: network.kernel === 3 ? 5 : 3 };
    case 'head':
      return { ...network, head: network.head === 'flatten' ? 'global-pooling' : 'flatten' };
    case 'dropout':
      return { ...network, dropout: random.pick(DROPOUT_RATES.filter((rate) => rate !== network.dropout)) };
  }
}

/** One or two steps, up or down. */
function smallStep(random: RandomStream): number {
  return random.pick([-2, -1, 1, 2]);
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(Math.max(value, minimum), maximum);
}
