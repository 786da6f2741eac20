import { referenceNetwork } from '../network/reference-network.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { ZOO, zooNetwork } from '../zoo/zoo.ts';

/** Networks that a command line can name: those of the zoo, for the classes that they were published with, and the reference. */
export const NAMED_NETWORKS: Readonly<Record<string, () => NetworkSpec>> = {
  reference: referenceNetwork,
  ...Object.fromEntries(Object.keys(ZOO).map((name) => [name, () => zooNetwork(name)])),
};

/** The names as text; MicroExpNet has too many candidates to list each. */
export const NAMED_NETWORKS_IN_WORDS = [
  ...Object.keys(NAMED_NETWORKS).filter((name) => !name.startsWith('microExpNet-')),
  'microExpNet-POOLS-SIZE (POOLS: v, p1, p2, p12; SIZE: m, s, xs, xxs)',
].join(', ');
