import type { NetworkTarget } from '../genome/to-network-spec.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { NetworkWriter } from './network-writer.ts';

const INPUT = { side: 64, levels: 'signed' } as const;

/**
 * simple_CNN, the fully convolutional network of nine layers: O. Arriaga, M. Valdenegro-Toro, P. Plöger, "Real-time
 * Convolutional Neural Networks for Emotion and Gender Classification" (arXiv 1710.07557, 2017), section 3, as in the
 * authors' code (face_classification, src/models/cnn.py). Four pairs of convolutions, each with an average pool and
 * dropout, and one map a class, averaged.
 */
export function simpleCnn(target: NetworkTarget): NetworkSpec {
  const writer = new NetworkWriter(target, INPUT);
  const pairs = [
    { filters: 16, side: 7 },
    { filters: 32, side: 5 },
    { filters: 64, side: 3 },
    { filters: 128, side: 3 },
  ];
  for (const [i, { filters, side }] of pairs.entries()) {
    const name = `block${i + 1}`;
    writer.conv(`${name}.conv1`, filters, side);
    writer.norm();
    writer.conv(`${name}.conv2`, filters, side);
    writer.norm();
    writer.relu();
    writer.pool(`${name}.pool`, 'average-pool', 2);
    writer.dropout(`${name}.dropout`, 0.5);
  }
  writer.conv('conv9', 256, 3);
  writer.norm();
  writer.conv('head', target.classes, 3);
  writer.globalAveragePool('logits');
  return writer.network('simpleCnn');
}

/**
 * simpler_CNN, with strides in place of pools, down to single positions: same source, the authors' code only (the paper
 * does not show it).
 */
export function simplerCnn(target: NetworkTarget): NetworkSpec {
  const writer = new NetworkWriter(target, INPUT);
  const blocks = [
    { first: { filters: 16, side: 5 }, second: { filters: 16, side: 5 } },
    { first: { filters: 32, side: 5 }, second: { filters: 32, side: 5 } },
    { first: { filters: 64, side: 3 }, second: { filters: 64, side: 3 } },
    { first: { filters: 64, side: 1 }, second: { filters: 128, side: 3 } },
  ];
  for (const [i, { first, second }] of blocks.entries()) {
    const name = `block${i + 1}`;
    writer.conv(`${name}.conv1`, first.filters, first.side);
    writer.norm();
    writer.conv(`${name}.conv2`, second.filters, second.side, { stride: 2 });
    writer.norm();
    writer.relu();
    writer.dropout(`${name}.dropout`, 0.25);
  }
  for (const [name, filters] of [
    ['block5', 128],
    ['block6', target.classes],
  ] as const) {
    writer.conv(`${name}.conv1`, 256, 1);
    writer.norm();
    writer.conv(`${name}.conv2`, filters, 3, { stride: 2 });
  }
  writer.flatten();
  return writer.network('simplerCnn');
}
