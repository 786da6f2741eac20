// Networks whose counts are known from elsewhere.

import {
  add,
  conv2d,
  crop,
  dense,
  depthwise,
  flatten,
  globalPool,
  normalization,
  pool,
  relu,
} from '../../src/network/notation.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { network } from '../nn/specs.ts';

/** Arriaga, Valdenegro-Toro & Plöger 2017: separable modules around a shortcut of stride 2, on 64×64 pixels. */
export function miniXception(): NetworkSpec {
  const base = (name: string) => ({
    [`${name}-conv`]: conv2d(8, 3, { padding: 'valid', bias: false }),
    [`${name}-norm`]: normalization('batch'),
    [`${name}-relu`]: relu(),
  });
  const module = (name: string, filters: number, input: string) => ({
    [`${name}-shortcut`]: conv2d(filters, 1, { input, stride: 2, bias: false }),
    [`${name}-shortcut-norm`]: normalization('batch'),
    [`${name}-depth1`]: depthwise(3, { input, bias: false }),
    [`${name}-point1`]: conv2d(filters, 1, { bias: false }),
    [`${name}-norm1`]: normalization('batch'),
    [`${name}-relu`]: relu(),
    [`${name}-depth2`]: depthwise(3, { bias: false }),
    [`${name}-point2`]: conv2d(filters, 1, { bias: false }),
    [`${name}-norm2`]: normalization('batch'),
    [`${name}-pool`]: pool('max-pool', 3),
    [`${name}-sum`]: add(`${name}-pool`, `${name}-shortcut-norm`),
  });
  return network(64, 7, {
    face: crop(64, 64),
    ...base('base1'),
    ...base('base2'),
    ...module('module1', 16, 'base2-relu'),
    ...module('module2', 32, 'module1-sum'),
    ...module('module3', 64, 'module2-sum'),
    ...module('module4', 128, 'module3-sum'),
    head: conv2d(7, 3),
    mean: globalPool(),
  });
}

/** Cugu, Sener & Akbas 2019: the student of 84×84 pixels and 8 classes. */
export function microExpNet(): NetworkSpec {
  return network(84, 8, {
    face: crop(84, 84),
    conv1: conv2d(16, 8, { stride: 2 }),
    relu1: relu(),
    pool1: pool('max-pool', 2),
    conv2: conv2d(32, 4, { stride: 2 }),
    relu2: relu(),
    pool2: pool('max-pool', 2),
    flat: flatten(),
    hidden: dense(48),
    relu3: relu(),
    logits: dense(8),
  });
}
