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
 * from Face Images" (IPTA 2019, arXiv 1711.07011), as in the authors' code (microexpnet, MicroExpNet.py and
 * Candidates/). The final network is of size 'xxs' with both pools. It reads grey levels as they are, 84×84. The rate of
 * the dropout, which the code leaves to its user, is that of the candidates' training.
 */
export function microExpNet(
  target: NetworkTarget,
  pools: MicroExpNetPools = 'p12',
  size: MicroExpNetSize = 'xxs',
): NetworkSpec {
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
  writer.dropout('dropout', 0.5);
  writer.dense('logits', target.classes);
  return writer.network(`microExpNet-${pools}-${size}`);
}
