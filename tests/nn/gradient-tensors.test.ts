import { beforeAll, describe, expect, it } from 'vitest';
import {
  add,
  concatenate,
  conv2d,
  type Drafts,
  dense,
  depthwise,
  dropout,
  flatten,
  normalization,
  pool,
  relu,
} from '../../src/network/notation.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import type { Engine } from '../../src/nn/engine.ts';
import { planNetwork } from '../../src/nn/plan.ts';
import type { StepName } from '../../src/nn/program.ts';
import { Session } from '../../src/nn/session.ts';
import { allEngines, bitsOf, type Case, expectLikeReference, steadyCase } from './harness.ts';
import { around } from './specs.ts';

const TOLERANCE = 5e-5;
const TRAINING = { optimizer: 'sgd', clip: false } as const;
let engines: Engine[];

beforeAll(async () => {
  engines = await allEngines();
});

/** Blocks of two convolutions beside which their input passes, all of the same form. */
const residual = (statistics: 'block' | 'batch'): NetworkSpec => {
  const norm = () => normalization(statistics);
  const blockOf = (name: string, input: string): Drafts => ({
    [`${name}1`]: conv2d(4, 3, { input, bias: false }),
    [`${name}2`]: norm(),
    [`${name}3`]: relu(),
    [`${name}4`]: conv2d(4, 3, { bias: false }),
    [`${name}5`]: norm(),
    [`${name}6`]: add(input, `${name}5`),
    [`${name}7`]: relu(),
  });
  return around({
    stem: conv2d(4, 3),
    bend: relu(),
    ...blockOf('a', 'bend'),
    ...blockOf('b', 'a7'),
    small: pool('max-pool', 2),
    ...blockOf('c', 'small'),
    smaller: pool('max-pool', 3),
    flat: flatten(),
    hidden: dense(9),
    hiddenNorm: norm(),
    hiddenBend: relu(),
  });
};

const NETWORKS: Readonly<Record<string, NetworkSpec>> = {
  'residual blocks, normalised by blocks': residual('block'),
  'residual blocks, normalised by batches': residual('batch'),
  'sums of sums': around({
    a: conv2d(3, 3),
    b: conv2d(3, 3),
    c: depthwise(3, { input: 'a' }),
    d: conv2d(3, 1, { input: 'b' }),
    e: relu(),
    sum: add('b', 'e'),
    more: add('sum', 'a', 'c'),
    bend: relu(),
    last: conv2d(3, 3),
  }),
  'an output that two sums and two convolutions read': around({
    a: conv2d(3, 3),
    b: conv2d(3, 3, { input: 'a' }),
    c: conv2d(3, 3, { input: 'a' }),
    d: add('a', 'b'),
    e: add('a', 'c'),
    f: concatenate('d', 'e'),
    g: conv2d(3, 1),
  }),
  'layers that change number by number': around({
    a: conv2d(3, 3),
    b: dropout(0.2),
    c: normalization('block'),
    d: relu(),
    e: dropout(0.3),
    f: relu(),
    g: depthwise(3),
    h: normalization('batch'),
    i: conv2d(3, 3),
  }),
  'layers that lead nowhere': around({
    a: conv2d(3, 3),
    b: conv2d(3, 3),
    c: normalization('block', { input: 'a' }),
    d: relu(),
    e: add('b', 'a'),
    f: relu('b'),
    g: conv2d(3, 3),
    h: conv2d(3, 3),
  }),
  'a ReLU and windows that overlap': around({ a: conv2d(3, 3), b: relu(), c: pool('max-pool', 3) }),
  'a ReLU and windows with gaps': around({
    a: conv2d(3, 3),
    b: normalization('block'),
    c: relu(),
    d: pool('max-pool', 2, { stride: 3 }),
  }),
  'a ReLU and windows that leave rows out': around({
    a: conv2d(3, 3),
    b: normalization('batch'),
    c: relu(),
    d: pool('max-pool', [2, 3], { padding: 'valid' }),
  }),
  'a ReLU that a pooling and another layer read': around({
    a: conv2d(3, 3),
    b: relu(),
    c: pool('max-pool', 2, { stride: 1 }),
    d: add('b', 'c'),
  }),
};

describe.each(Object.entries(NETWORKS))('%s', (name, spec) => {
  let found: Case;

  beforeAll(() => {
    found = steadyCase(engines[0], spec, { seed: name }) as Case;
  });

  it('get the gradients of the reference', () => {
    expectLikeReference(engines, spec, found, TOLERANCE);
  });

  it('get the same gradients in the next step', () => {
    const { samples, indices, views, targets, dropoutSeed } = found.batch;
    const session = new Session(engines[0], spec, indices.length, TRAINING);
    session.setWeights(found.weights);
    session.configure({ clipNorm: 0, temperature: 1 });
    const [first, second] = [1, 2].map(() => {
      session.train(samples, indices, views, targets, [0, 0, 0, 0, 0, 0, 0], dropoutSeed);
      return bitsOf(session.gradients());
    });
    expect(second).toBe(first);
  });
});

describe('a training step of residual blocks', () => {
  const stepsOf = (spec: NetworkSpec, threads: number) => planNetwork(spec, 32, { ...TRAINING, threads });
  const count = (spec: NetworkSpec, name: StepName) =>
    stepsOf(spec, 1).trainSteps.filter((step) => step.name === name).length;

  it('copies nothing, and masks only the gradient of the first convolution', () => {
    const spec = residual('block');
    expect(count(spec, 'copy')).toBe(0);
    expect(count(spec, 'relu_gradient')).toBe(2);
    expect(count(spec, 'relu')).toBe(0);
  });

  it('takes less memory than in threads, which need all gradients until the end', () => {
    const spec = residual('batch');
    expect(stepsOf(spec, 1).words).toBeLessThan(0.9 * stepsOf(spec, 2).words);
  });
});
