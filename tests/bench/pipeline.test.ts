import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { pipelineBenchmark } from '../../src/bench/pipeline.ts';
import { preparedFramesBenchmark } from '../../src/bench/prepared-frames.ts';
import { untrainedModel } from '../../src/bench/untrained-model.ts';
import type { LandmarkDetector } from '../../src/landmarks/landmark-detector.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { sampleFile, samplePhoto } from '../prediction/photos.ts';

test('a record of the pipeline measures one face and is consistent', async () => {
  const engine = await openEngine('wasm');
  const photo = await samplePhoto(1);
  let faces: number | undefined;
  const open = async (detector: LandmarkDetector) => {
    faces = (await detector.detect(photo)).length;
    return untrainedModel(engine, detector);
  };
  const record = await pipelineBenchmark(open, sampleFile(1), 3);
  expect(faces).toBe(1); // of three
  expect(record).toMatchObject({ engine: 'wasm', variant: engine.variant, rounds: 3 });
  expect(record.photo).toMatchObject({ width: 640, height: 427 });
  expect(record.parameters).toBeLessThanOrEqual(100_000);
  const median = Object.fromEntries(record.stages.map((stage) => [stage.stage, stage.median]));
  expect(Object.keys(median)).toEqual([
    'decode',
    'detect',
    'landmarks',
    'frame',
    'network',
    'attributes',
    'own part',
    'total',
    'landmarks of a crop',
  ]);
  for (const { minimum, median, maximum } of record.stages) {
    expect(minimum).toBeGreaterThan(0);
    expect(median).toBeGreaterThanOrEqual(minimum);
    expect(maximum).toBeGreaterThanOrEqual(median);
  }
});

test('a photo without a face is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evopatch-pipeline-'));
  try {
    const file = join(folder, 'empty.png');
    await sharp({ create: { width: 640, height: 480, channels: 3, background: '#446688' } }).toFile(file);
    const open = async () => untrainedModel(await openEngine('wasm'));
    await expect(pipelineBenchmark(open, file, 1)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      data: { file },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a record of prepared frames is consistent', async () => {
  const engine = await openEngine('wasm');
  const record = preparedFramesBenchmark(untrainedModel(engine), { rounds: 3, seconds: 0.001 });
  expect(record).toMatchObject({ engine: 'wasm', variant: engine.variant, numerics: engine.numerics });
  expect(record.millisecondsRange[0]).toBeGreaterThan(0);
  expect(record.millisecondsRange[0]).toBeLessThanOrEqual(record.milliseconds);
  expect(record.milliseconds).toBeLessThanOrEqual(record.millisecondsRange[1]);
  expect(record.facesPerSecondRange[0]).toBeLessThanOrEqual(record.facesPerSecond);
  expect(record.facesPerSecond).toBeLessThanOrEqual(record.facesPerSecondRange[1]);
});
