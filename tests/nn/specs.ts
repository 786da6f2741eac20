import { crop, type Drafts, dense, flatten, writeNetwork } from '../../src/network/notation.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';

export function network(frameSize: number, classes: number, drafts: Drafts): NetworkSpec {
  return writeNetwork('test', frameSize, classes, drafts);
}

/** Puts layers after a crop of the whole 10×9 picture and before a flatten and a dense layer for 3 classes. */
export function around(drafts: Drafts): NetworkSpec {
  return network(12, 3, { face: crop(10, 9, { x: 1, y: 2 }), ...drafts, flat: flatten(), logits: dense(3) });
}
