import { beforeAll, describe, expect, it } from 'vitest';
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
import type { NetworkSpec, Padding, Size } from '../../src/network/spec.ts';
import type { Engine } from '../../src/nn/engine.ts';
import { allEngines, type Case, expectLikeReference, steadyCase } from './harness.ts';
import { referenceStep } from './reference.ts';
import { around, network } from './specs.ts';

let engines: Engine[];

beforeAll(async () => {
  engines = await allEngines();
});

function someCase(spec: NetworkSpec, options: Parameters<typeof steadyCase>[2] = {}): Case {
  const found = steadyCase(engines[0], spec, options);
  if (found === undefined) throw new Error('rounding could tip every case over; choose another seed');
  return found;
}

function expectAgreement(spec: NetworkSpec, options: Parameters<typeof steadyCase>[2] = {}): void {
  expectLikeReference(engines, spec, someCase(spec, options), TOLERANCE);
}

const TOLERANCE = 2e-5;
const PADDINGS: readonly Padding[] = ['same', 'valid'];
const KERNELS: readonly (number | Size)[] = [1, 2, 3, 4, 5, [1, 3], [3, 1], [5, 2], [2, 5], [3, 5]];
const STRIDES = [1, 2, 3];

function label(value: number | Size): string {
  return typeof value === 'number' ? `${value}×${value}` : `${value[0]}×${value[1]}`;
}

describe.each(PADDINGS)('with padding %s every engine agrees with the reference on', (padding) => {
  describe.each(STRIDES)('stride %i and', (stride) => {
    it.each(KERNELS.map((side) => [label(side), side] as const))('convolutions %s', (_, side) => {
      const spec = around({
        first: conv2d(5, side, { stride, padding }),
        bend: relu(),
        second: conv2d(3, side, { padding: 'same', stride, bias: false }),
        third: conv2d(6, side, { padding: 'same', input: 'second' }),
      });
      expectAgreement(spec, { seed: `conv ${padding} ${stride} ${label(side)}` });
    });

    it.each(KERNELS.map((side) => [label(side), side] as const))('depthwise convolutions %s', (_, side) => {
      const spec = around({
        wide: conv2d(3, 1),
        first: depthwise(side, { stride, padding }),
        bend: relu(),
        second: depthwise(side, { padding: 'same', stride, bias: false }),
      });
      expectAgreement(spec, { seed: `depthwise ${padding} ${stride} ${label(side)}` });
    });

    it.each(KERNELS.map((side) => [label(side), side] as const))('pooling %s', (_, side) => {
      const spec = around({
        wide: conv2d(3, 3),
        max: pool('max-pool', side, { stride, padding }),
        average: pool('average-pool', side, { input: 'wide', stride, padding }),
        both: concatenate('max', 'average'),
      });
      expectAgreement(spec, { seed: `pool ${padding} ${stride} ${label(side)}` });
    });
  });
});

const units = (first: number, second: number) =>
  network(8, second, { face: crop(5, 3), flat: flatten(), a: dense(first), b: relu(), c: dense(second) });

const CASES: Readonly<Record<string, NetworkSpec>> = {
  'dense layers of one unit': units(1, 2),
  'dense layers of odd sizes': units(17, 7),
  'dense layers of whole vectors': units(32, 16),
  'a dense layer without bias': around({ flatly: flatten(), hidden: dense(9, { bias: false }) }),
  'pooling a convolution with ReLU': around({ a: conv2d(4, 3), b: relu(), c: pool('max-pool', 3) }),
  'pooling the picture itself': around({ a: pool('max-pool', 3), b: conv2d(2, 3) }),
  'global average pooling': around({ a: conv2d(5, 3), b: globalPool() }),
  'normalisation by blocks': around({ a: conv2d(4, 3), b: normalization('block') }),
  'normalisation by batches': around({ a: conv2d(4, 3), b: normalization('batch') }),
  'normalisation of the picture': around({ a: normalization('block'), b: normalization('batch') }),
  'normalisation by blocks and ReLU': around({
    a: conv2d(4, 3, { bias: false }),
    b: normalization('block'),
    c: relu(),
    d: conv2d(3, 3, { stride: 2 }),
  }),
  'normalisation by batches and ReLU': around({
    a: conv2d(4, 3, { bias: false }),
    b: normalization('batch'),
    c: relu(),
    d: conv2d(3, 3),
    e: normalization('batch'),
    f: relu(),
    g: pool('max-pool', 2),
  }),
  'normalisation of flat layers': around({
    a: flatten(),
    b: dense(6),
    c: normalization('block'),
    d: relu(),
    e: dense(5),
    f: normalization('batch'),
  }),
  dropout: around({ a: conv2d(3, 3), b: dropout(0.4), c: conv2d(3, 3), d: relu(), e: dropout(0.2) }),
  'dropout of rate 0': around({ a: conv2d(3, 3), b: dropout(0) }),
  'dropout at the end': network(8, 3, { face: crop(4, 4), a: flatten(), b: dense(3), c: dropout(0.3) }),
  'dropout at the end, behind a layer that leads nowhere': network(8, 3, {
    face: crop(4, 4),
    a: flatten(),
    b: dense(3),
    c: dense(5, { input: 'a' }),
    d: dropout(0.3, { input: 'b' }),
  }),
  'a sum of two branches': around({
    stem: conv2d(4, 3),
    a: conv2d(4, 3),
    b: relu(),
    sum: add('stem', 'b'),
    c: relu(),
  }),
  'a sum of three, one of them twice': around({
    stem: conv2d(4, 3),
    a: conv2d(4, 1),
    sum: add('stem', 'a', 'stem'),
  }),
  'concatenated maps': around({
    stem: conv2d(2, 3),
    a: conv2d(3, 3, { input: 'stem' }),
    b: conv2d(1, 5, { input: 'stem' }),
    c: relu(),
    both: concatenate('a', 'c', 'stem'),
    d: conv2d(4, 3),
  }),
  'concatenated flat layers': around({
    a: conv2d(3, 3, { input: 'face' }),
    aFlat: flatten(),
    b: conv2d(2, 3, { input: 'face', stride: 2 }),
    bFlat: flatten(),
    c: globalPool('b'),
    both: concatenate('aFlat', 'bFlat', 'c', 'aFlat'),
  }),
  'a layer that three others read': around({
    stem: conv2d(4, 3),
    a: relu('stem'),
    b: conv2d(4, 3, { input: 'stem' }),
    c: pool('max-pool', 3, { input: 'stem', stride: 1 }),
    sum: add('a', 'b', 'c'),
  }),
  'a ReLU of everything': around({
    a: relu(),
    b: conv2d(2, 2),
    c: relu(),
    d: relu(),
    e: pool('average-pool', 2),
  }),
  'a convolution instead of the dense layers': network(8, 3, {
    face: crop(6, 5),
    a: conv2d(4, 3),
    b: relu(),
    c: conv2d(3, [5, 6], { padding: 'valid' }),
  }),
  'padded convolutions of single positions': network(8, 3, {
    face: crop(4, 4),
    a: conv2d(4, 4, { padding: 'valid' }),
    b: conv2d(5, 3),
    c: dense(6),
    d: conv2d(4, 3),
    e: relu(),
    f: dense(4, { input: 'e' }),
    g: conv2d(3, 3, { input: 'f' }),
    h: relu(),
  }),
  'pictures made larger': around({ a: resize(17, 12), b: conv2d(3, 3), c: relu() }),
  'pictures made smaller, in one direction': around({ a: resize(4, 13), b: conv2d(3, 3, { stride: 2 }) }),
  'maps made larger and smaller': around({
    a: conv2d(3, 3),
    b: resize(21, 5),
    c: conv2d(4, [2, 3]),
    d: relu(),
    e: resize(1, 7),
    f: resize(3, 1),
  }),
  'a map that is resized twice': around({
    a: conv2d(3, 3),
    b: resize(6, 5),
    c: resize(6, 5, { input: 'a' }),
    d: add('b', 'c'),
  }),
  'signed grey levels': network(8, 3, { a: crop(5, 4, { levels: 'signed' }), b: flatten(), c: dense(3) }),
  'raw grey levels': network(8, 3, {
    a: crop(5, 4, { levels: 'raw', mirror: true }),
    b: normalization('batch'),
    c: flatten(),
    d: dense(3),
  }),
  'penalties on the size of weights': around({
    a: conv2d(4, 3, { l2: 0.01 }),
    b: relu(),
    c: conv2d(4, 3, { l2: 0.3, bias: false }),
    d: conv2d(4, 3, { l2: 0.3, bias: false, shares: 'c' }),
  }),
  'convolutions as large as the picture, and larger': around({
    a: conv2d(4, 8, { stride: 2 }),
    b: relu(),
    c: conv2d(3, 8),
    d: conv2d(3, [8, 7], { stride: 2 }),
    e: conv2d(3, 8, { stride: 4 }),
    f: conv2d(2, 7),
  }),
  'layers that lead nowhere': around({
    a: conv2d(4, 3),
    b: conv2d(2, 3),
    c: normalization('block'),
    d: conv2d(3, 3, { input: 'a' }),
  }),
};

describe('every engine agrees with the reference on', () => {
  it.each(Object.keys(CASES))('%s', (name) => {
    expectAgreement(CASES[name], { seed: name });
    expect(engines.length).toBeGreaterThan(0);
  });

  it('shared weights of every kind', () => {
    const branch = (own: string, other: string | undefined, x: number, mirror: boolean) => {
      const shares = (role: string) => (other === undefined ? {} : { shares: `${other}-${role}` });
      return {
        [`${own}-face`]: crop(6, 6, { x, mirror }),
        [`${own}-conv`]: conv2d(4, 3, shares('conv')),
        [`${own}-norm`]: normalization('block', shares('norm')),
        [`${own}-bend`]: relu(),
        [`${own}-depth`]: depthwise(3, shares('depth')),
        [`${own}-pool`]: globalPool(),
        [`${own}-dense`]: dense(3, shares('dense')),
      };
    };
    const spec = network(14, 3, {
      ...branch('left', undefined, 0, false),
      ...branch('right', 'left', 8, true),
      both: concatenate('left-dense', 'right-dense'),
      logits: dense(3),
    });
    expectAgreement(spec);
  });

  it.each([1, 2, 3, 4, 5, 9])('depthwise convolutions of maps %i wide', (width) => {
    const spec = network(9, 3, {
      face: crop(width, 4),
      wide: conv2d(3, 1),
      a: depthwise(3),
      b: relu(),
      c: depthwise(5),
      d: depthwise([4, 2], { bias: false }),
      flat: flatten(),
      logits: dense(3),
    });
    expectAgreement(spec, { seed: `depthwise ${width} wide` });
  });

  it('crops that are shifted, flipped and mirrored, also beyond the edge', () => {
    const spec = network(9, 3, {
      left: crop(9, 4, { y: 1 }),
      right: crop(5, 4, { x: 3, y: 5, mirror: true }),
      a: flatten('left'),
      b: flatten('right'),
      both: concatenate('a', 'b'),
      logits: dense(3),
    });
    expectAgreement(spec, { count: 48, shift: 4 });
  });

  it('running statistics after many updates, and after none', () => {
    const spec = around({ a: conv2d(4, 3), b: normalization('block'), c: normalization('batch') });
    const { weights: fresh, batch } = someCase(spec);
    for (const updates of [0, 5, 1000]) {
      const counts = ['b/updates', 'c/updates'].map((name) => [name, Float32Array.of(updates)] as const);
      const weights = new Map([...fresh, ...counts]);
      const reference = referenceStep(spec, weights, batch);
      expectLikeReference(engines, spec, { weights, batch, reference }, TOLERANCE);
    }
  });

  it('a temperature', () => {
    const spec = around({ a: conv2d(3, 3) });
    expectAgreement(spec, { temperature: 2.5 });
  });
});
