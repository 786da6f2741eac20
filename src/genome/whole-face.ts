import {
  blocks,
  conv2d,
  crop,
  dense,
  dropout,
  flatten,
  normalization,
  pool,
  relu,
  writeNetwork,
} from '../network/notation.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Genome } from './genome.ts';
import { faceSquare } from './patches.ts';
import { singleViewNetwork, type ViewTarget } from './single-view.ts';
import type { NetworkTarget } from './to-network-spec.ts';

/**
 * Builds the baseline for evolved patches: a CNN on the whole face of the kind that is common for FER2013, with four
 * convolutions of 16 to 128 filters and a dense layer of 400 units. It has 1.94 million parameters on a face of 48×48
 * pixels with seven classes.
 */
export function baselineSpec({ classes, frame }: NetworkTarget): NetworkSpec {
  const { x, y, width, height } = faceSquare(frame);
  return writeNetwork('baseline', frame.size, classes, {
    face: crop(width, height, { x, y }),
    ...blocks([16, 32, 64, 128], (filters, block) => ({
      [`conv${block}`]: conv2d(filters, 3, { bias: false }),
      [`norm${block}`]: normalization('batch'),
      [`relu${block}`]: relu(),
      ...(block < 4 ? { [`pool${block}`]: pool('max-pool', 2, { padding: 'valid' }) } : {}),
    })),
    flatten: flatten(),
    dense: dense(400, { bias: false }),
    'dense.norm': normalization('batch'),
    'dense.relu': relu(),
    'dense.dropout': dropout(0.4),
    logits: dense(classes),
  });
}

/**
 * Builds the control of a genome that reads the whole face: the same kind of network with at most the genome's parameters
 * and `maximumMacs` (see `singleViewNetwork`).
 */
export function wholeFaceControl(genome: Genome, target: ViewTarget): NetworkSpec {
  return singleViewNetwork('whole-face', genome, { rectangle: faceSquare(target.frame) }, target);
}
