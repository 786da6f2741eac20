import { beforeAll, describe, expect, it } from 'vitest';
import { describeNetwork } from '../../src/network/describe.ts';
import { conv2d, crop, dense, flatten, quantize, relu } from '../../src/network/notation.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import type { Engine } from '../../src/nn/engine.ts';
import { GradientSession } from '../../src/nn/gradient-session.ts';
import { allEngines, expectLikeReference, randomSamples, randomWeights, steadyCase } from './harness.ts';
import { around, network } from './specs.ts';

let engines: Engine[];
beforeAll(async () => {
  engines = await allEngines();
});

/** Grey levels, which are exact on every target, rounded by some steps before a convolution reads them. */
const rounded = (scale: number, zero: number): NetworkSpec =>
  network(12, 3, {
    face: crop(10, 9, { x: 1, y: 2, levels: 'raw' }),
    rounded: quantize(scale, zero),
    conv: conv2d(3, 3),
    flat: flatten(),
    logits: dense(3),
  });

describe('every engine rounds to 8 bits as the reference does', () => {
  it.each([
    ['steps between grey levels', rounded(0.75, -128)],
    ['ties', rounded(2, 0)],
    ['limits', rounded(0.3, 50)],
    [
      'a gradient that passes unchanged',
      around({ conv: conv2d(3, 3), most: quantize(2 ** -20, 5), bend: relu() }),
    ],
  ])('%s', (seed, spec) => {
    const found = steadyCase(engines[0], spec, { seed });
    if (found === undefined) throw new Error('rounding could tip every case over; choose another seed');
    expectLikeReference(engines, spec, found, 2e-5);
  });

  it('which gives ties to the even step, within 8 bits', () => {
    const spec = rounded(2, 0);
    const samples = {
      ...randomSamples(1, 12, 3, 'ties'),
      frames: Uint8Array.from({ length: 144 }, (_, i) => i * 2 + 1),
    };
    for (const engine of engines) {
      const session = new GradientSession(engine, spec, randomWeights(engine, spec, 'ties'), {
        of: ['rounded'],
      });
      session.forward(samples, Uint32Array.of(0));
      const { values } = session.output('rounded');
      expect([...values.subarray(0, 4)]).toEqual([52, 52, 56, 56]); // of 51, 53, 55 and 57
      expect(Math.max(...values)).toBe(254);
    }
  });
});

it('needs a scale above 0 and a zero of 8 bits', () => {
  expect(() => describeNetwork(rounded(0, 0))).toThrow(/scale/);
  expect(() => describeNetwork(rounded(Number.NaN, 0))).toThrow(/scale/);
  expect(() => describeNetwork(rounded(1, 128))).toThrow(/zero/);
});
