import type { NetworkTarget } from '../genome/to-network-spec.ts';
import { conv2d, dense, dropout, flatten, pool, relu } from '../network/notation.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { faceNetwork } from './face.ts';

/** Divisors of the width of the dense layer. */
export const MICRO_EXP_NET_SIZES = { m: 1, s: 4, xs: 8, xxs: 16 } as const;
/** The convolutions that a max-pool follows. */
export const MICRO_EXP_NET_POOLS = { v: [], p1: [1], p2: [2], p12: [1, 2] } as const;

export type MicroExpNetSize = keyof typeof MICRO_EXP_NET_SIZES;
export type MicroExpNetPools = keyof typeof MICRO_EXP_NET_POOLS;

/**
 * MicroExpNet: I. Cugu, E. Sener, E. Akbas, "MicroExpNet: An Extremely Small and Fast Model for Expression Recognition
 * from Face Images" (IPTA 2019, arXiv 1711.07011), as in the authors' code (microexpnet, MicroExpNet.py): the candidate
 * of size 'xxs' with both pools, without dropout unless its user asks for it. It reads raw grey levels, 84×84.
 */
export function microExpNet(target: NetworkTarget): NetworkSpec {
  return writeCandidate('microExpNet', target, 'p12', 'xxs');
}

/** Builds a candidate for MicroExpNet, as in the same code (Candidates/); training drops out half of its dense units. */
export function microExpNetCandidate(
  target: NetworkTarget,
  pools: MicroExpNetPools,
  size: MicroExpNetSize,
): NetworkSpec {
  return writeCandidate(`microExpNet-${pools}-${size}`, target, pools, size, 0.5);
}

function writeCandidate(
  name: string,
  target: NetworkTarget,
  pools: MicroExpNetPools,
  size: MicroExpNetSize,
  rate = 0,
): NetworkSpec {
  const after: readonly number[] = MICRO_EXP_NET_POOLS[pools];
  const units = (after.includes(2) ? 768 : 256) / MICRO_EXP_NET_SIZES[size];
  return faceNetwork(
    name,
    target,
    { side: 84, levels: 'raw' },
    {
      conv1: conv2d(16, 8, { stride: after.includes(1) ? 2 : 4 }),
      'conv1-relu': relu(),
      ...(after.includes(1) ? { pool1: pool('max-pool', 2) } : {}),
      conv2: conv2d(32, 4, { stride: 2 }),
      'conv2-relu': relu(),
      ...(after.includes(2) ? { pool2: pool('max-pool', 2) } : {}),
      flatten: flatten(),
      dense: dense(units),
      'dense-relu': relu(),
      ...(rate > 0 ? { dropout: dropout(rate) } : {}),
      logits: dense(target.classes),
    },
  );
}
