// Whole networks that several tests use.

import {
  add,
  concatenate,
  conv2d,
  crop,
  dense,
  depthwise,
  dropout,
  flatten,
  globalPool,
  normalization,
  pool,
  relu,
  resize,
} from '../../src/network/notation.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { network } from './specs.ts';

/** A small network in which every kind of layer, shared weights and fan-out occur. */
export function everyKind(): NetworkSpec {
  return network(16, 4, {
    left: crop(9, 10, { x: 0, y: 2 }),
    right: crop(9, 10, { x: 7, y: 2, mirror: true }),
    leftConv: conv2d(5, 3, { input: 'left', bias: false }),
    leftNorm: normalization('block'),
    leftBend: relu(),
    rightConv: conv2d(5, 3, { input: 'right', bias: false, shares: 'leftConv' }),
    rightNorm: normalization('block', { shares: 'leftNorm' }),
    rightBend: relu(),
    both: concatenate('leftBend', 'rightBend'),
    small: pool('max-pool', 3),
    depth: depthwise(3),
    point: conv2d(10, 1, { bias: false }),
    norm: normalization('batch'),
    sum: add('norm', 'small'),
    bend: relu(),
    wide: conv2d(7, [4, 5], { stride: 2 }),
    mean: pool('average-pool', [2, 3], { input: 'bend', padding: 'valid' }),
    flatWide: flatten('wide'),
    flatMean: flatten('mean'),
    global: globalPool('sum'),
    signed: crop(8, 9, { x: 4, y: 3, levels: 'signed' }),
    signedSmall: resize(5, 4),
    signedConv: conv2d(3, 3, { l2: 0.02 }),
    signedLarge: resize(7, 6),
    signedFlat: globalPool(),
    all: concatenate('flatWide', 'flatMean', 'global', 'signedFlat'),
    hidden: dense(11),
    hiddenBend: relu(),
    lost: dropout(0.25),
    logits: dense(4),
  });
}

/** Convolutions of 3×3 on enough channels and places for Winograd's form, on maps of odd sides. */
export function wideNetwork(): NetworkSpec {
  return network(16, 4, {
    face: crop(8, 15, { x: 4, y: 0 }),
    first: conv2d(20, 3),
    firstBend: relu(),
    second: conv2d(26, 3, { bias: false }),
    norm: normalization('block'),
    normBend: relu(),
    small: pool('max-pool', 2),
    third: conv2d(21, 3, { padding: 'valid' }),
    thirdBend: relu(),
    fourth: conv2d(21, 3, { input: 'thirdBend' }),
    sum: add('fourth', 'thirdBend'),
    sumNorm: normalization('block'),
    mean: globalPool(),
    logits: dense(4),
  });
}

/** A convolution, a pool and two dense layers on the whole frame. */
export function plainNetwork(frameSize: number, classes: number): NetworkSpec {
  return network(frameSize, classes, {
    face: crop(frameSize, frameSize),
    conv: conv2d(6, 3),
    bend: relu(),
    small: pool('max-pool', 2),
    flat: flatten(),
    hidden: dense(10),
    hiddenBend: relu(),
    logits: dense(classes),
  });
}
