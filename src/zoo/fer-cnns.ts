import type { NetworkTarget } from '../genome/to-network-spec.ts';
import { blocks, conv2d, dense, dropout, flatten, pool } from '../network/notation.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { faceNetwork, normalized } from './face.ts';

const DROPOUT = 0.3;

/**
 * Builds the shallow network for FER2013 of Bokanyi & Meszegeto (slides of the course VITMAV45, BME): two convolutions and one
 * dense layer, each with batch normalisation and dropout of 0.3, the convolutions with a max-pool. The slides do not give
 * widths, kernels and the order within a block; these are ours.
 */
export function ferShallow(target: NetworkTarget): NetworkSpec {
  return ferCnn('ferShallow', [32, 64], [128], target);
}

/** Builds the deep network of the same slides: four convolutions and two dense layers, with the same additions. */
export function ferDeep(target: NetworkTarget): NetworkSpec {
  return ferCnn('ferDeep', [32, 64, 128, 256], [256, 256], target);
}

function ferCnn(
  name: string,
  filters: readonly number[],
  units: readonly number[],
  target: NetworkTarget,
): NetworkSpec {
  return faceNetwork(
    name,
    target,
    {},
    {
      ...blocks(filters, (count, block) => ({
        [`conv${block}`]: conv2d(count, 3, { bias: false }),
        ...normalized(`conv${block}`),
        [`pool${block}`]: pool('max-pool', 2),
        [`dropout${block}`]: dropout(DROPOUT),
      })),
      flatten: flatten(),
      ...blocks(units, (count, block) => ({
        [`dense${block}`]: dense(count, { bias: false }),
        ...normalized(`dense${block}`),
        [`dense${block}.dropout`]: dropout(DROPOUT),
      })),
      logits: dense(target.classes),
    },
  );
}
