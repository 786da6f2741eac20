import { describe, expect, test } from 'vitest';
import { type BenchmarkRecord, benchmark, inferenceSpeed } from '../../src/bench/benchmark.ts';
import { spreadOf, timeInTurns } from '../../src/bench/timing.ts';
import {
  inferenceWorkload,
  peakWorkload,
  trainingWorkload,
  type Workload,
} from '../../src/bench/workload.ts';
import { referenceNetwork } from '../../src/network/reference-network.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { openEngine } from '../../src/nn/engine.ts';

/** One dense layer on 4×4 pixels: 48 multiply-accumulates. */
const tiny: NetworkSpec = {
  name: 'tiny',
  frameSize: 8,
  classes: 3,
  layers: [
    { kind: 'crop', name: 'crop', x: 0, y: 0, width: 4, height: 4, mirror: false },
    { kind: 'flatten', name: 'flat', input: 'crop' },
    { kind: 'dense', name: 'logits', input: 'flat', units: 3, bias: true },
  ],
};

describe('workloads', () => {
  test('count their operations', async () => {
    const engine = await openEngine('wasm');
    expect(trainingWorkload(engine, tiny)).toMatchObject({ samples: 64, operations: 6 * 48 * 64 });
    expect(inferenceWorkload(engine, tiny)).toMatchObject({ samples: 256, operations: 2 * 48 * 256 });
    expect(peakWorkload(engine)).toMatchObject({ samples: 0, operations: 2 * 20_000 * 16 * 12 * 4 });
  });

  test('can run repeatedly', async () => {
    const engine = await openEngine('wasm');
    for (const workload of [trainingWorkload(engine, tiny), inferenceWorkload(engine, tiny)]) {
      for (let run = 0; run < 10; run++) expect(() => workload.run()).not.toThrow();
    }
  });
});

test('the median of an even number of values lies between the two in the middle', () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, minimum: 1, maximum: 4 });
  expect(spreadOf([5, 9, 1])).toEqual({ median: 5, minimum: 1, maximum: 9 });
});

test('workloads take turns', () => {
  const order: string[] = [];
  const busy = (name: string): Workload => ({
    samples: 1,
    operations: 1,
    run: () => {
      order.push(name);
      const end = performance.now() + 3;
      while (performance.now() < end);
    },
  });
  const spreads = timeInTurns([busy('a'), busy('b')], { rounds: 3, seconds: 0.001 });
  expect(order.slice(-6)).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  for (const { minimum, median, maximum } of spreads) {
    expect(minimum).toBeGreaterThanOrEqual(0.003);
    expect(median).toBeGreaterThanOrEqual(minimum);
    expect(maximum).toBeGreaterThanOrEqual(median);
  }
});

test.each(['train', 'infer'] as const)('a record of "%s" is consistent', async (task) => {
  const engine = await openEngine('wasm');
  const record = benchmark(task, engine, referenceNetwork(), { rounds: 3, seconds: 0.001 });
  expect(record).toMatchObject({
    task,
    engine: 'wasm',
    variant: engine.variant,
    numerics: engine.numerics,
    network: 'reference',
    parameters: 160_071,
    macs: 3_817_920,
    batchSize: 64,
    rounds: 3,
  });
  const operations = (task === 'train' ? 6 : 2) * 3_817_920;
  expect(record.gflops).toBeCloseTo((record.samplesPerSecond * operations) / 1e9, 6);
  expect(record.fractionOfPeak).toBeCloseTo(record.gflops / record.peakGflops, 12);
  if (task === 'infer') {
    const { milliseconds, range } = record.oneFace as Required<BenchmarkRecord>['oneFace'];
    expect(range[0]).toBeGreaterThan(0);
    expect(milliseconds).toBeGreaterThanOrEqual(range[0]);
    expect(milliseconds).toBeLessThanOrEqual(range[1]);
  } else expect(record.oneFace).toBeUndefined();
  expect(record.samplesPerSecondRange[0]).toBeLessThanOrEqual(record.samplesPerSecond);
  expect(record.samplesPerSecondRange[1]).toBeGreaterThanOrEqual(record.samplesPerSecond);
});

test('an inference speed is a number of faces per second', async () => {
  const speed = inferenceSpeed(await openEngine('wasm'), tiny);
  expect(Number.isFinite(speed)).toBe(true);
  expect(speed).toBeGreaterThan(0);
});
