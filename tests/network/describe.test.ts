import { describe, expect, it } from 'vitest';
import { describeNetwork, macCount, parameterCount, windowPositions } from '../../src/network/describe.ts';
import {
  add,
  concatenate,
  conv2d,
  crop,
  dense,
  depthwise,
  dropout,
  flatten,
  normalization,
  pool,
  relu,
  resize,
} from '../../src/network/notation.ts';
import { referenceNetwork } from '../../src/network/reference-network.ts';
import type { LayerSpec, NetworkSpec } from '../../src/network/spec.ts';
import { around, network } from '../nn/specs.ts';
import { microExpNet, miniXception } from './literature.ts';

const shapes = (spec: NetworkSpec) =>
  Object.fromEntries(
    describeNetwork(spec).map(({ layer, output }) => [
      layer.name,
      [output.channels, output.height, output.width],
    ]),
  );

describe('a network is described from its spec alone:', () => {
  it('mini-Xception (Arriaga et al. 2017)', () => {
    const spec = miniXception();
    expect(parameterCount(spec)).toBe(56_951); // 58,423 with the running statistics
    const statistics = describeNetwork(spec)
      .filter(({ layer }) => layer.kind === 'batch-normalization')
      .reduce((sum, { output }) => sum + 2 * output.channels, 0);
    expect(56_951 + statistics).toBe(58_423);
    expect(macCount(spec) / 1e6).toBeCloseTo(10.16, 2);
    expect(shapes(spec)).toMatchObject({
      'base1-conv': [8, 62, 62],
      'base2-conv': [8, 60, 60],
      'module1-sum': [16, 30, 30],
      'module4-sum': [128, 4, 4],
      mean: [7, 1, 1],
    });
  });

  it('MicroExpNet (Cugu et al. 2019)', () => {
    const spec = microExpNet();
    expect(parameterCount(spec)).toBe(65_000);
    expect(macCount(spec) / 1e6).toBeCloseTo(2.85, 2);
    expect(shapes(spec)).toMatchObject({
      conv1: [16, 42, 42],
      pool1: [16, 21, 21],
      conv2: [32, 11, 11],
      pool2: [32, 6, 6],
      flat: [1152, 1, 1],
      logits: [8, 1, 1],
    });
  });

  it('the reference patch network', () => {
    const spec = referenceNetwork();
    expect(parameterCount(spec)).toBe(160_071);
    expect(macCount(spec)).toBe(4 * (256 * 16 * 9 + 256 * 16 * 144 + 64 * 32 * 144) + 2048 * 64 + 64 * 7);
    expect(shapes(spec)).toMatchObject({ features: [2048, 1, 1], dense: [64, 1, 1], logits: [7, 1, 1] });
  });

  it('shared weights count once, their multiplications each time', () => {
    const pair = (more: object) =>
      around({
        a: conv2d(4, 3),
        b: conv2d(4, 3, { input: 'face', ...more }),
        both: concatenate('a', 'b'),
      });
    expect(parameterCount(pair({})) - parameterCount(pair({ shares: 'a' }))).toBe(4 * 9 + 4);
    expect(macCount(pair({ shares: 'a' }))).toBe(macCount(pair({})));
  });

  it('each kind of layer', () => {
    const byName = Object.fromEntries(
      describeNetwork(
        around({
          a: conv2d(4, [2, 3], { stride: 2, padding: 'valid', bias: false }),
          b: depthwise(3),
          c: normalization('batch'),
          d: dropout(0.5),
        }),
      ).map((described) => [described.layer.name, described]),
    );
    expect(byName.a).toMatchObject({
      parameters: 24,
      macs: 4 * 4 * 4 * 6,
      output: { channels: 4, height: 4, width: 4 },
    });
    expect(byName.b).toMatchObject({ parameters: 4 * 10, macs: 4 * 16 * 9 });
    expect(byName.c).toMatchObject({ parameters: 8, macs: 0 });
    expect(byName.d).toMatchObject({
      parameters: 0,
      macs: 0,
      inputs: [{ channels: 4, height: 4, width: 4 }],
    });
    expect(byName.logits).toMatchObject({ parameters: 64 * 3 + 3, macs: 64 * 3 });
  });
});

it.each([
  [5, 3, 1, 'same', 5, 1],
  [5, 3, 2, 'same', 3, 1],
  [6, 3, 2, 'same', 3, 0],
  [5, 2, 1, 'same', 5, 0],
  [5, 2, 3, 'same', 2, 0],
  [5, 3, 1, 'valid', 3, 0],
  [6, 3, 2, 'valid', 2, 0],
] as const)('side %i, window %i, stride %i, %s: %i positions, %i zeros before', (...row) => {
  const [input, window, stride, padding, positions, before] = row;
  expect(windowPositions(input, window, stride, padding)).toEqual({ positions, before });
});

describe('the layer at fault is named:', () => {
  const cases: Readonly<Record<string, readonly [NetworkSpec, string, RegExp]>> = {
    'two layers of one name': [
      {
        ...around({ a: relu() }),
        layers: [...around({ a: relu() }).layers, relu('a')('a', '') as LayerSpec],
      },
      'a',
      /earlier layer of this name/,
    ],
    'an input that comes later': [around({ a: relu('b'), b: relu('face') }), 'a', /reads 'b'/],
    'itself as input': [around({ a: relu('a') }), 'a', /reads 'a'/],
    'a crop outside the frame': [network(8, 3, { a: crop(6, 6, { x: 3 }) }), 'a', /leaves the frame/],
    'a crop at half a pixel': [network(8, 3, { a: crop(4, 4, { y: 0.5 }) }), 'a', /whole numbers/],
    'an empty crop': [network(8, 3, { a: crop(4, 0) }), 'a', /height must be/],
    'no filters': [around({ a: conv2d(0, 3) }), 'a', /filters must be/],
    'a kernel of side 0': [around({ a: conv2d(2, [3, 0]) }), 'a', /window side/],
    'a stride of 0': [around({ a: pool('max-pool', 2, { stride: 0 }) }), 'a', /stride must be/],
    'a window that is too large': [
      around({ a: depthwise(10, { padding: 'valid' }) }),
      'a',
      /10×10 is larger/,
    ],
    'a dense layer on maps': [around({ a: dense(4, { input: 'face' }) }), 'a', /flatten/],
    'a resize to nothing': [around({ a: resize(0, 4) }), 'a', /width must be/],
    'a resize to half a row': [around({ a: resize(4, 1.5) }), 'a', /height must be/],
    'a penalty below 0': [around({ a: conv2d(2, 3, { l2: -1 }) }), 'a', /l2/],
    'a penalty that is not a number': [around({ a: conv2d(2, 3, { l2: Number.NaN }) }), 'a', /l2/],
    'no units': [around({ f: flatten(), a: dense(0) }), 'a', /units must be/],
    'a rate of 1': [around({ a: dropout(1) }), 'a', /rate/],
    'a rate that is not a number': [around({ a: dropout(Number.NaN) }), 'a', /rate/],
    'no inputs': [around({ a: add() }), 'a', /at least one input/],
    'a sum of different shapes': [around({ b: conv2d(2, 3), a: add('b', 'face') }), 'a', /differ in shape/],
    'maps of different sides': [
      around({ b: pool('max-pool', 2), a: concatenate('b', 'face') }),
      'a',
      /differ in shape/,
    ],
    'weights of a missing layer': [around({ a: conv2d(2, 3, { shares: 'b' }) }), 'a', /not an earlier layer/],
    'weights of another kind': [
      around({ b: depthwise(3), a: conv2d(1, 3, { shares: 'b' }) }),
      'a',
      /another shape/,
    ],
    'weights of another size': [
      around({ b: conv2d(2, 3), a: conv2d(2, 3, { shares: 'b' }) }),
      'a',
      /another shape/,
    ],
    'weights that are shared themselves': [
      around({
        b: conv2d(1, 3),
        c: conv2d(1, 3, { shares: 'b' }),
        a: conv2d(1, 3, { shares: 'c' }),
      }),
      'a',
      /shares another layer's/,
    ],
    'too few logits': [network(8, 3, { f: crop(4, 4), g: flatten(), a: dense(2) }), 'a', /3 classes/],
    'maps as logits': [network(8, 3, { f: crop(4, 4), a: conv2d(3, 3) }), 'a', /3 classes/],
  };

  it.each(Object.keys(cases))('%s', (name) => {
    const [spec, layer, problem] = cases[name];
    expect(() => describeNetwork(spec)).toThrow(
      expect.objectContaining({
        name: 'EvopatchError',
        code: 'INVALID_NETWORK',
        data: expect.objectContaining({ layer }),
      }),
    );
    expect(() => describeNetwork(spec)).toThrow(problem);
  });

  it('no layers at all', () => {
    const empty = { name: 'empty', frameSize: 8, classes: 3, layers: [] };
    expect(() => describeNetwork(empty)).toThrow(expect.objectContaining({ code: 'INVALID_NETWORK' }));
  });
});
