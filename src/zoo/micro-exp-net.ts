import type { NetworkTarget } from '../genome/to-network-spec.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { NetworkWriter } from './network-writer.ts';

/** What the widest dense layer is divided by. */
export const MICRO_EXP_NET_SIZES = { m: 1, s: 4, xs: 8, xxs: 16 } as const;
/** Behind which convolution there is a max-pool: none, the first, the second, both. */
export const MICRO_EXP_NET_POOLS = { v: [], p1: [1], p2: [2], p12: [1, 2] } as const;

export type MicroExpNetSize = keyof typeof MICRO_EXP_NET_SIZES;
export type MicroExpNetPools = keyof typeof MICRO_EXP_NET_POOLS;

/**
 * MicroExpNet: I. Cugu, E. Sener, E. Akbas, "MicroExpNet: An Extremely Small and Fast Model for Expression Recognition
 * from Face Images" (IPTA 2019, arXiv 1711.07011), as in the authors' code (microexpnet, MicroExpNet.py): the candidate
 * of size 'xxs' with both pools, without dropout unless its user asks for it. It reads grey levels as they are, 84×84.
 */
export function microExpNet(target: NetworkTarget): NetworkSpec {
  return writeNetwork(target, 'p12', 'xxs').network('microExpNet');
}

/** A network that MicroExpNet was chosen from, as in the same code (Candidates/), trained with half of the dense units. */
export function microExpNetCandidate(
  target: NetworkTarget,
  pools: MicroExpNetPools,
  size: MicroExpNetSize,
): NetworkSpec {
  return writeNetwork(target, pools, size, 0.5).network(`microExpNet-${pools}-${size}`);
}

function writeNetwork(
  target: NetworkTarget,
  pools: MicroExpNetPools,
  size: MicroExpNetSize,
  dropout = 0,
): NetworkWriter {
  const after: readonly number[] = MICRO_EXP_NET_POOLS[pools];
  const writer = new NetworkWriter(target, { side: 84, levels: 'raw' });
  writer.conv('conv1', 16, 8, { stride: after.includes(1) ? 2 : 4 });
  writer.relu();
  if (after.includes(1)) writer.pool('pool1', 'max-pool', 2);
  writer.conv('conv2', 32, 4, { stride: 2 });
  writer.relu();
  if (after.includes(2)) writer.pool('pool2', 'max-pool', 2);
  writer.flatten();
  writer.dense('dense', (after.includes(2) ? 768 : 256) / MICRO_EXP_NET_SIZES[size]);
  writer.relu();
  if (dropout > 0) writer.dropout('dropout', dropout);
  writer.dense('logits', target.classes);
  return writer;
}
