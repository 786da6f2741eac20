import { networkCost } from '../network/describe.ts';
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
import { BLOCKS, type NetworkGenes } from './network-genes.ts';
import { faceSquare } from './patches.ts';
import { branchedNetwork, type NetworkTarget, type Readings, toNetworkSpec } from './to-network-spec.ts';

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
 * Builds the control of a genome: the same kind of network on the whole face, with at most its parameters and at most its
 * multiply-accumulates; or, for `'macs'`, with its dense units and at most its multiply-accumulates. Filters (and dense
 * units) keep the genome's proportions as far as whole numbers allow; the rest of the budget goes into more dense units,
 * then filters, until nothing more fits. If even one of each exceeds the budget (a face is 36 times as large as the
 * smallest patch), the control has one of each. A face is larger than a patch, so two blocks become three. If the genome
 * has pairs, which its network reads in both orders, the control reads the face and its mirror image.
 */
export function wholeFaceControl(
  genome: Genome,
  target: NetworkTarget,
  budget: 'parameters' | 'macs' = 'parameters',
): NetworkSpec {
  const { filters, denseUnits } = genome.network;
  const bothOrders = genome.patches.some(({ mirrored }) => mirrored);
  const own = networkCost(toNetworkSpec(genome, target));
  const maximumParameters = budget === 'parameters' ? own.parameters : Number.POSITIVE_INFINITY;
  const depth = filters.length < BLOCKS.maximum ? [...filters, filters[filters.length - 1]] : filters;
  const sizes = [...(budget === 'parameters' ? [denseUnits] : []), ...depth];
  const build = (wanted: readonly number[]) => {
    const [units, ...blocks] = budget === 'parameters' ? wanted : [denseUnits, ...wanted];
    return wholeFace(genome.network, units, blocks, bothOrders, target);
  };
  const fits = (wanted: readonly number[]) => {
    const { parameters, macs } = networkCost(build(wanted));
    return parameters <= maximumParameters && macs <= own.macs;
  };
  const scaled = (step: number) => sizes.map((size) => Math.max(1, Math.floor((size * step) / 64)));

  let step = 1;
  while (fits(scaled(step + 1))) step++;
  let best = scaled(step);
  for (let index = 0; index < best.length; ) {
    const wider = best.with(index, best[index] + 1);
    if (fits(wider)) best = wider;
    else index++;
  }
  return build(best);
}

function wholeFace(
  network: NetworkGenes,
  denseUnits: number,
  filters: readonly number[],
  bothOrders: boolean,
  target: NetworkTarget,
): NetworkSpec {
  const face = { name: 'face', rectangle: faceSquare(target.frame), mirror: false, scale: 1 } as const;
  const mirror = { ...face, name: 'face-mirror', mirror: true, kernels: 'face', normalization: 'face' };
  const readings: Readings = bothOrders ? [[face], [mirror]] : [[face]];
  return branchedNetwork('whole-face', readings, { ...network, denseUnits, filters }, target);
}
