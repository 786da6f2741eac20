import { describe, expect, test } from 'vitest';
import { workOf } from '../../src/bench/kernels/kernel-work.ts';
import { kernelsBenchmark } from '../../src/bench/kernels/kernels-benchmark.ts';
import { bandwidthOf, measureLimits } from '../../src/bench/kernels/limits.ts';
import { callsOf, withRoom } from '../../src/bench/kernels/step-calls.ts';
import { shapeOf } from '../../src/bench/kernels/step-shape.ts';
import { BATCH_SIZE, MEASURED_TRAINING, noise } from '../../src/bench/workload.ts';
import { macCount } from '../../src/network/describe.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { LANES, Layout } from '../../src/nn/layout.ts';
import { planNetwork } from '../../src/nn/plan.ts';
import { batch, block, blockOrBatch, STEPS, type StepName } from '../../src/nn/program.ts';
import { Session } from '../../src/nn/session.ts';
import { ZOO, zooNetwork } from '../../src/zoo/zoo.ts';
import { checkAnswer, inProcess } from '../cli/program.ts';

const BLOCKS = BATCH_SIZE / LANES;
const layout = new Layout(BLOCKS);
const map = (channels: number, side: number) => layout.tensor({ channels, height: side, width: side }, false);
const window = { height: 3, width: 3, stride: 1, pad_y: 1, pad_x: 1 };

/** A convolution with normalisation, and a dense layer with dropout. */
const small: NetworkSpec = {
  name: 'small',
  frameSize: 16,
  classes: 3,
  layers: [
    { kind: 'crop', name: 'crop', x: 0, y: 0, width: 12, height: 12, mirror: false },
    {
      kind: 'conv2d',
      name: 'conv',
      input: 'crop',
      filters: 6,
      kernel: [3, 3],
      stride: 1,
      padding: 'same',
      bias: true,
    },
    { kind: 'batch-normalization', name: 'norm', input: 'conv', statistics: 'batch' },
    { kind: 'relu', name: 'relu', input: 'norm' },
    { kind: 'max-pool', name: 'pool', input: 'relu', size: [2, 2], stride: 2, padding: 'same' },
    { kind: 'flatten', name: 'flat', input: 'pool' },
    { kind: 'dropout', name: 'dropout', input: 'flat', rate: 0.25 },
    { kind: 'dense', name: 'logits', input: 'dropout', units: 3, bias: true },
  ],
};

describe('the work of a kernel', () => {
  const [narrow, wide] = [map(2, 4), map(3, 4)];
  // Along a side of 4, a window of 3 has 2 + 3 + 3 + 2 taps on the map: 100 pairs instead of 144.
  const flop = 2 * 100 * 2 * 3 * 16;
  const weights = 2 * 3 * 9;

  test('of a convolution and its gradients leaves out the padding', () => {
    const forward = block('conv2d', { in: narrow, out: wide, weights: 0, bias: 0, ...window, relu: true });
    expect(workOf(forward, BLOCKS)).toEqual({ flop, bytes: 4 * (16 * (32 + 48) + weights + 3) });
    const toInput = block('conv2d_input_gradient', {
      dy: wide,
      dx: narrow,
      weights: 0,
      transposed: 0,
      ...window,
    });
    expect(workOf(toInput, BLOCKS)).toEqual({ flop, bytes: 4 * (16 * (32 + 48) + weights) });
    const toWeights = block('conv2d_weight_gradient', { in: narrow, dy: wide, lanes: 0, ...window });
    expect(workOf(toWeights, BLOCKS)).toEqual({ flop, bytes: 4 * (16 * (32 + 48) + 2 * 16 * weights) });
  });

  test('of a depthwise convolution with a stride', () => {
    const strided = { ...window, stride: 2, pad_y: 0, pad_x: 0 }; // 'same' on 4: the zero goes last
    const out = map(2, 2);
    const step = block('depthwise_conv2d', {
      in: narrow,
      out,
      weights: 0,
      bias: -1,
      ...strided,
      relu: false,
    });
    expect(workOf(step, BLOCKS)).toEqual({ flop: 2 * 25 * 2 * 16, bytes: 4 * (16 * (32 + 8) + 18) });
  });

  test('of a dense layer, a pooling, a sum and an update', () => {
    const [inputs, units] = [map(40, 1), map(7, 1)];
    const values = { in: inputs, out: units, weights: 0, bias: 0, relu: false };
    const ofBlock = workOf(blockOrBatch('dense', false, values), BLOCKS);
    expect(ofBlock).toEqual({ flop: 2 * 280 * 16, bytes: 4 * (16 * 47 + 280 + 7) });
    const ofBatch = workOf(blockOrBatch('dense', true, values), BLOCKS);
    expect(ofBatch).toEqual({
      flop: BLOCKS * 2 * 280 * 16,
      bytes: 4 * (BLOCKS * 16 * 47 + 280 + 7),
    });
    const pool = block('max_pool', {
      in: narrow,
      out: map(2, 2),
      height: 2,
      width: 2,
      stride: 2,
      pad_y: 0,
      pad_x: 0,
    });
    expect(workOf(pool, BLOCKS)).toEqual({ flop: 32 * 16, bytes: 4 * 16 * (32 + 8) });
    const sum = block('add', { a: wide, b: wide, out: wide, relu: false });
    expect(workOf(sum, BLOCKS)).toEqual({ flop: 48 * 16, bytes: 4 * 16 * 3 * 48 });
    const moments = { first_moment: 0, second_moment: 0 };
    const update = batch('adamw', {
      weights: 0,
      gradient: 0,
      ...moments,
      count: 100,
      settings: 0,
      decay: true,
    });
    expect(workOf(update, BLOCKS)).toEqual({ flop: 1500, bytes: 2800 });
  });

  test('of a statistic of the batch is that of all blocks', () => {
    const step = batch('batch_statistics', { in: wide, statistics: narrow, first: 0, end: 3 });
    expect(workOf(step, BLOCKS)).toEqual({ flop: 4 * 4 * 48 * 16, bytes: 4 * 4 * 48 * 16 });
  });

  test('is counted for every step but those of predictions', () => {
    const known = (name: string) => {
      try {
        workOf({ scope: 'block', name: name as StepName, values: {} }, BLOCKS);
      } catch (cause) {
        return !(cause instanceof RangeError);
      }
      return true;
    };
    const alone = /_one$|^(spread_filters|normalization_scales)$/;
    const uncounted = Object.keys(STEPS).filter((name) => !alone.test(name) && !known(name));
    expect(uncounted).toEqual(['end', 'each_block', 'running_statistics', 'softmax', 'peak']);
  });

  test('is known for every step of every network, and agrees with the multiply-accumulates', () => {
    for (const name of Object.keys(ZOO)) {
      const spec = zooNetwork(name);
      const { trainSteps } = planNetwork(spec, BATCH_SIZE, {
        ...MEASURED_TRAINING,
        clip: true,
        convolution: 'direct',
      });
      const calls = callsOf(trainSteps, BLOCKS);
      let forward = 0;
      for (const { step } of calls) {
        const { flop, bytes } = workOf(step, BLOCKS);
        expect(bytes, step.name).toBeGreaterThan(0);
        expect(Number.isInteger(flop), step.name).toBe(true);
        if (['conv2d', 'depthwise_conv2d', 'dense'].includes(step.name)) forward += flop;
      }
      const all = 2 * macCount(spec) * BATCH_SIZE;
      expect(forward / all, name).toBeGreaterThan(0.8); // the rest is padding
      expect(forward / all, name).toBeLessThanOrEqual(1);
    }
  });
});

test('a step is described by its tensors', () => {
  const [narrow, wide] = [map(2, 4), map(3, 4)];
  const shapes = [
    block('conv2d', { in: narrow, out: wide, weights: 0, bias: 0, ...window, stride: 2, relu: true }),
    block('conv2d_weight_gradient', { in: narrow, dy: wide, lanes: 0, ...window }),
    block('conv2d_input_gradient', { dy: wide, dx: narrow, weights: 0, transposed: 0, ...window }),
    block('bias_gradient', { dy: wide, lanes: 0 }),
    batch('fill_zero', { offset: 0, count: 77 }),
    batch('conv2d_transpose_weights', {
      weights: 0,
      transposed: 0,
      filters: 4,
      channels: 3,
      height: 5,
      width: 5,
    }),
  ].map(shapeOf);
  expect(shapes).toEqual([
    '2×4×4 → 3×4×4, 3×3, stride 2',
    '2×4×4 · 3×4×4, 3×3',
    '3×4×4 → 2×4×4, 3×3',
    '3×4×4',
    '77',
    '4×3×5×5',
  ]);
});

test('the steps one by one train to the bits of the whole program', async () => {
  const engine = await openEngine('wasm');
  const roomy = withRoom(engine);
  const samples = noise(small);
  const indices = Uint32Array.from({ length: BATCH_SIZE }, (_, i) => i);
  const targets = new Float32Array(BATCH_SIZE * 3).fill(1 / 3);
  const trained = [engine, roomy.engine].map((one) => {
    const session = new Session(one, small, BATCH_SIZE, MEASURED_TRAINING);
    session.setWeights(initialWeights(session.parameters, 'steps'));
    const train = () => session.train(samples, indices, [], targets, [0.01, 0.9, 0.999, 1e-8, 1, 1, 0.1], 5);
    train();
    return { session, train };
  });
  const [whole, apart] = trained;
  const before = whole.session.weights();
  whole.train();
  for (const { program } of callsOf(apart.session.plan.trainSteps, BLOCKS)) {
    roomy.write(program);
    roomy.run(apart.session.plan.tensors, BLOCKS);
  }
  expect(apart.session.weights()).toEqual(whole.session.weights());
  expect(apart.session.weights()).not.toEqual(before);
});

test('a bandwidth is that of the largest array that a traffic fills, or of a larger one that was faster', () => {
  const bandwidths = [50, 80, 20, 30].map((gigabytesPerSecond, i) => ({
    bytes: 10 ** (i + 1),
    gigabytesPerSecond,
  }));
  const found = [1, 10, 99, 100, 5000, 1e9].map((bytes) => bandwidthOf({ bandwidths }, bytes));
  expect(found).toEqual([80, 80, 80, 80, 30, 30]);
});

test('a record is consistent, and no kernel is above its limit', { retry: 2 }, async () => {
  const engine = await openEngine('wasm');
  const limits = measureLimits(engine, { rounds: 3, seconds: 0.001 });
  const record = kernelsBenchmark(engine, small, limits, 5);
  expect(record).toMatchObject({
    engine: 'wasm',
    network: 'small',
    macs: macCount(small),
    rounds: 5,
    ...limits,
  });
  checkAnswer('bench', JSON.parse(JSON.stringify({ networks: [record] })));
  const lost = record.kernels.map(({ lostMilliseconds }) => lostMilliseconds);
  expect(lost).toEqual(lost.toSorted((a, b) => b - a));
  const { trainSteps } = planNetwork(small, BATCH_SIZE, MEASURED_TRAINING);
  const calls = record.kernels.reduce((sum, kernel) => sum + kernel.calls, 0);
  expect(calls).toBe(callsOf(trainSteps, BLOCKS).length);
  expect(record.kernels.map(({ kernel }) => kernel)).toContain('batch_statistics');
  for (const { kernel, share, gflops, flop, milliseconds } of record.kernels) {
    if (milliseconds > 0) expect(gflops).toBeCloseTo(flop / milliseconds / 1e6, 9);
    if (share !== null) expect(share, kernel).toBeGreaterThan(0);
    if (share !== null) expect(share, kernel).toBeLessThanOrEqual(1.1);
  }
});

describe('bench kernels', () => {
  test('prints a table with a verdict in words', { timeout: 120_000 }, async () => {
    const { code, stdout } = await inProcess('bench', 'kernels', '--network', 'microExpNet');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^microExpNet, 65,000 parameters: training steps on 64 faces, /);
    expect(stdout).toContain('at the limit, the kernels would take');
  });

  test('takes the option of its own, and other tasks do not', async () => {
    const { code, stderr } = await inProcess('bench', 'train', '--network', 'evolved');
    expect(code).toBe(2);
    expect(stderr).toContain("only 'kernels' takes this option");
  });
});
