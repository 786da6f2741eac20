import type { NetworkTarget } from '../genome/to-network-spec.ts';
import { blocks, conv2d, dropout, flatten, globalPool, normalization, pool } from '../network/notation.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { faceNetwork, normalized } from './face.ts';

const INPUT = { side: 64, levels: 'signed' } as const;

/**
 * simple_CNN, the fully convolutional network of nine layers: O. Arriaga, M. Valdenegro-Toro, P. Plöger, "Real-time
 * Convolutional Neural Networks for Emotion and Gender Classification" (arXiv 1710.07557, 2017), section 3, as in the
 * authors' code (face_classification, src/models/cnn.py). Four pairs of convolutions, each with an average pool and
 * dropout, and one averaged map per class.
 */
export function simpleCnn(target: NetworkTarget): NetworkSpec {
  const pairs = [
    { filters: 16, side: 7 },
    { filters: 32, side: 5 },
    { filters: 64, side: 3 },
    { filters: 128, side: 3 },
  ];
  return faceNetwork('simpleCnn', target, INPUT, {
    ...blocks(pairs, ({ filters, side }, block) => ({
      [`block${block}.conv1`]: conv2d(filters, side),
      [`block${block}.conv1-norm`]: normalization('batch'),
      [`block${block}.conv2`]: conv2d(filters, side),
      ...normalized(`block${block}.conv2`),
      [`block${block}.pool`]: pool('average-pool', 2),
      [`block${block}.dropout`]: dropout(0.5),
    })),
    conv9: conv2d(256, 3),
    'conv9-norm': normalization('batch'),
    head: conv2d(target.classes, 3),
    logits: globalPool(),
  });
}

/**
 * simpler_CNN, with strides instead of pools, down to single positions: from the same authors' code; the paper does not
 * show it.
 */
export function simplerCnn(target: NetworkTarget): NetworkSpec {
  const pairs = [
    { first: { filters: 16, side: 5 }, second: { filters: 16, side: 5 } },
    { first: { filters: 32, side: 5 }, second: { filters: 32, side: 5 } },
    { first: { filters: 64, side: 3 }, second: { filters: 64, side: 3 } },
    { first: { filters: 64, side: 1 }, second: { filters: 128, side: 3 } },
  ];
  return faceNetwork('simplerCnn', target, INPUT, {
    ...blocks(pairs, ({ first, second }, block) => ({
      [`block${block}.conv1`]: conv2d(first.filters, first.side),
      [`block${block}.conv1-norm`]: normalization('batch'),
      [`block${block}.conv2`]: conv2d(second.filters, second.side, { stride: 2 }),
      ...normalized(`block${block}.conv2`),
      [`block${block}.dropout`]: dropout(0.25),
    })),
    'block5.conv1': conv2d(256, 1),
    'block5.conv1-norm': normalization('batch'),
    'block5.conv2': conv2d(128, 3, { stride: 2 }),
    'block6.conv1': conv2d(256, 1),
    'block6.conv1-norm': normalization('batch'),
    'block6.conv2': conv2d(target.classes, 3, { stride: 2 }),
    flatten: flatten(),
  });
}
