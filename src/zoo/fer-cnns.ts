import type { NetworkTarget } from '../genome/to-network-spec.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { NetworkWriter } from './network-writer.ts';

const DROPOUT = 0.3;

/**
 * The shallow network for FER2013 of Bokanyi & Meszegeto (slides of the course VITMAV45, BME): two convolutions and one
 * dense layer, each with batch normalisation and dropout of 0.3, the convolutions with a max-pool. Widths, kernels and
 * the order within a block are not known; these are ours.
 */
export function ferShallow(target: NetworkTarget): NetworkSpec {
  return ferCnn('ferShallow', [32, 64], [128], target);
}

/** The deep one of the same slides: four convolutions and two dense layers; ours is what is ours there. */
export function ferDeep(target: NetworkTarget): NetworkSpec {
  return ferCnn('ferDeep', [32, 64, 128, 256], [256, 256], target);
}

function ferCnn(
  name: string,
  filters: readonly number[],
  units: readonly number[],
  target: NetworkTarget,
): NetworkSpec {
  const writer = new NetworkWriter(target);
  for (const [i, count] of filters.entries()) {
    writer.conv(`conv${i + 1}`, count, 3, { bias: false });
    writer.norm();
    writer.relu();
    writer.pool(`pool${i + 1}`, 'max-pool', 2);
    writer.dropout(`dropout${i + 1}`, DROPOUT);
  }
  writer.flatten();
  for (const [i, count] of units.entries()) {
    writer.dense(`dense${i + 1}`, count, { bias: false });
    writer.norm();
    writer.relu();
    writer.dropout(`dense${i + 1}.dropout`, DROPOUT);
  }
  writer.dense('logits', target.classes);
  return writer.network(name);
}
