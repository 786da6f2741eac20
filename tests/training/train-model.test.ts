import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { type Dataset, indicesOf } from '../../src/data/dataset.ts';
import { DatasetBuilder } from '../../src/data/dataset-builder.ts';
import { subsetOf } from '../../src/data/subset.ts';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { samplesOf } from '../../src/fitness/evaluate.ts';
import { parseGenomeBounds, smallestGenome } from '../../src/genome/bounds.ts';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { measure } from '../../src/nn/measure.ts';
import { readSingleModel } from '../../src/nn/model-file.ts';
import {
  type ModelTrainingProgress,
  type TrainModelOptions,
  trainModel,
} from '../../src/training/train-model.ts';
import { bestEpoch } from '../../src/training/training-folder.ts';

let engine: Engine;
let dataset: Dataset;
let root: string;

beforeAll(async () => {
  engine = await openEngine();
  dataset = syntheticFaces({ count: 140, seed: 'training' });
  root = await mkdtemp(join(tmpdir(), 'evopatch-training-'));
});
afterAll(() => rm(root, { recursive: true }));

const options = (more: Partial<TrainModelOptions> = {}): TrainModelOptions => ({
  dataset,
  network: 'tinyXception',
  engine,
  seed: 'a',
  ...more,
  config: { epochs: 3, batchSize: 16, ...more.config },
});

/** Stops a training in the middle of an epoch, counted from 1. */
function stopIn(epoch: number): Pick<TrainModelOptions, 'signal' | 'onProgress'> {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onProgress: ({ epochs }: ModelTrainingProgress) => epochs.length === epoch - 1 && controller.abort(),
  };
}

describe('trainModel', () => {
  it('keeps the weights of the best epoch, in memory and in the folder', async () => {
    const folder = join(root, 'best');
    const trained = await trainModel(options({ folder, config: { averaging: 0.9 } }));
    expect(trained.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(trained.best).toEqual(bestEpoch(trained.epochs));
    const validation = indicesOf(dataset, 'validation');
    const saved = await readSingleModel(join(folder, 'model.safetensors'), engine);
    for (const { network } of [trained, saved]) {
      const probabilities = network.predict(samplesOf(dataset), validation);
      const { loss, accuracy } = measure(probabilities, dataset.labels, validation, 7);
      expect([loss, accuracy]).toEqual([trained.best.validationLoss, trained.best.validationAccuracy]);
    }
    expect(saved.classes).toEqual(dataset.classes);
    expect(saved.info).toMatchObject({ dataset: dataset.hash, seed: 'a', epoch: trained.best.epoch });
  });

  it.each([
    ['adamw', 'cosine', 1, {}],
    ['adamw', 'plateau', 2, { averaging: 0.9, rotation: 10, zoom: 0.1 }],
    ['sgd', 'constant', 3, { classWeights: 'balanced' }],
  ] as const)(
    'ends in the same bits with %s and %s when stopped in epoch %d',
    async (optimizer, schedule, epoch, more) => {
      const config = { optimizer, schedule, learningRate: 0.003, epochs: 4, ...more };
      const unbroken = await trainModel(options({ config }));
      const folder = join(root, `${optimizer} ${schedule}`);
      await expect(trainModel(options({ config, folder, ...stopIn(epoch) }))).rejects.toMatchObject({
        code: 'ABORTED',
      });
      const resumed = await trainModel(options({ config, folder }));
      expect(resumed.epochs).toEqual(unbroken.epochs);
      expect(resumed.network.weights).toEqual(unbroken.network.weights);
      const saved = await readSingleModel(join(folder, 'model.safetensors'), engine);
      expect(saved.network.weights).toEqual(unbroken.network.weights);
    },
  );

  it('trains a genome, which the model then holds', async () => {
    const genome = smallestGenome(parseGenomeBounds({ classes: 7 }));
    const trained = await trainModel(options({ network: undefined, genome, config: { epochs: 1 } }));
    expect(trained.genome).toEqual(canonicalGenome(genome));
  });

  it('stops once the validation loss has not fallen for `patience` epochs', async () => {
    const config = { epochs: 40, patience: 2, learningRate: 0.1, schedule: 'constant' } as const;
    const { epochs } = await trainModel(options({ config }));
    const losses = epochs.map(({ validationLoss }) => validationLoss);
    expect(epochs.length).toBeLessThan(40);
    expect(epochs.length - 1 - losses.indexOf(Math.min(...losses))).toBe(2);
  });

  it('reads the given grey levels', async () => {
    const trained = await Promise.all(
      ([undefined, 'signed', 'normalized'] as const).map((levels) =>
        trainModel(options({ levels, config: { epochs: 1 } })),
      ),
    );
    const [published, signed, normalized] = trained.map(({ epochs }) => epochs[0].trainingLoss);
    expect(signed).toBe(published); // as tiny-Xception was published
    expect(normalized).not.toBe(published);
    expect(trained[2].network.spec.layers[0]).not.toHaveProperty('levels');
  });

  it('refuses faulty input with the matching error code', async () => {
    const refusal = (more: Partial<TrainModelOptions>) => expect(trainModel(options(more))).rejects;
    await refusal({ network: 'tinyXeption' }).toMatchObject({
      code: 'INVALID_OPTION',
      data: { hint: "Did you mean 'tinyXception'?" },
    });
    await refusal({ network: undefined }).toMatchObject({ code: 'INVALID_OPTION' });
    await refusal({ levels: 'grey' as never }).toMatchObject({ data: { option: 'levels' } });
    await refusal({ config: { batchSize: 17 } as never }).toMatchObject({
      data: { option: 'config.batchSize' },
    });
    await refusal({ dataset: subsetOf(dataset, indicesOf(dataset, 'train')) }).toMatchObject({
      code: 'INVALID_DATA',
    });
    await refusal({ config: { learningRate: 10, optimizer: 'sgd' } as never }).toMatchObject({
      code: 'EVALUATION_FAILED',
    });
  });

  it('lets one process at a time work on a folder', async () => {
    const folder = join(root, 'shared');
    const file = join(folder, 'lock');
    let second: Promise<unknown> | undefined;
    const onProgress = () => {
      second ??= expect(trainModel(options({ folder }))).rejects.toMatchObject({
        code: 'RUN_LOCKED',
        data: { file, given: { pid: process.pid } },
      });
    };
    await trainModel(options({ folder, config: { epochs: 1 }, onProgress }));
    await second;
    expect(second).toBeDefined();
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(trainModel(options({ folder: join(root, 'no'), network: 'none' }))).rejects.toThrow();
    await expect(readFile(join(root, 'no'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('goes on in the direct form where an earlier release began, unless the other is asked for', async () => {
    const folder = join(root, 'earlier');
    const direct = { convolution: 'direct' } as const;
    await expect(trainModel(options({ config: direct, folder, ...stopIn(2) }))).rejects.toMatchObject({
      code: 'ABORTED',
    });
    await expect(trainModel(options({ config: { convolution: 'winograd' }, folder }))).rejects.toMatchObject({
      problem: 'the folder holds another training',
    });
    const resumed = await trainModel(options({ folder }));
    expect(resumed.config.convolution).toBeUndefined();
    const unbroken = await trainModel(options({ config: direct }));
    expect(resumed.network.weights).toEqual(unbroken.network.weights);
    expect((await trainModel(options())).config.convolution).toBe('winograd');
  });

  it('refuses a folder of another training, and a checkpoint that is damaged', async () => {
    const folder = join(root, 'damaged');
    const short = { folder, config: { epochs: 1 } } as Partial<TrainModelOptions>;
    await trainModel(options(short));
    for (const other of [{ seed: 'b' }, { network: 'miniXception' }, { config: { epochs: 2 } as never }]) {
      await expect(trainModel(options({ ...short, ...other }))).rejects.toMatchObject({
        code: 'INVALID_RUN',
        problem: 'the folder holds another training',
      });
    }
    const file = join(folder, 'checkpoint.safetensors');
    const bytes = await readFile(file);
    bytes[bytes.length - 3] ^= 1;
    await writeFile(file, bytes);
    await expect(trainModel(options(short))).rejects.toMatchObject({ code: 'INVALID_RUN', data: { file } });
  });
});

describe('trainModel on few faces', () => {
  /** Faces that are brighter above in one class and below in the other. */
  function halves(train: readonly [number, number], validation: readonly [number, number]): Dataset {
    const builder = new DatasetBuilder('halves');
    for (const [split, counts] of [['train', train] as const, ['validation', validation] as const]) {
      for (const [label, count] of counts.entries()) {
        for (let i = 0; i < count; i++) {
          const random = randomStream('halves', split, label, i);
          const level = (pixel: number) => (pixel < 24 * 48 === (label === 0) ? 150 : 60);
          const pixels = new Uint8Array(48 * 48).map((_, pixel) => level(pixel) + random.integer(0, 60));
          builder.add({ image: { pixels, width: 48, height: 48 }, label, split });
        }
      }
    }
    return builder.build(['above', 'below']);
  }

  it.each(['tinyXception', 'miniXception'])(
    '%s learns from 20 of them, in batches of 16 that it records',
    async (network) => {
      const config = { epochs: 12, batchSize: 64, flip: false };
      const trained = await trainModel({ dataset: halves([10, 10], [4, 4]), network, engine, config });
      expect(trained.config.batchSize).toBe(16);
      expect(trained.best.validationAccuracy).toBe(1);
    },
  );

  it('repeats faces that do not fill a step', async () => {
    const config = { epochs: 40, learningRate: 0.01 };
    const trained = await trainModel({
      dataset: halves([4, 3], [4, 4]),
      network: 'tinyXception',
      engine,
      config,
    });
    expect(trained.config.batchSize).toBe(16);
    expect(trained.best.validationAccuracy).toBe(1);
  });

  it('keeps the given batch size if the faces fill a batch', async () => {
    const config = { epochs: 1, batchSize: 48 };
    const few = { network: 'tinyXception', engine, config };
    expect((await trainModel({ ...few, dataset: halves([24, 24], [2, 2]) })).config.batchSize).toBe(48);
    expect((await trainModel({ ...few, dataset: halves([24, 23], [2, 2]) })).config.batchSize).toBe(32);
  });

  it.each([
    [
      'validation faces of one class',
      halves([9, 9], [4, 0]),
      /all validation faces are of one class, 'above'/,
    ],
    ['training faces of one class', halves([18, 0], [4, 4]), /all training faces are 'above'/],
  ])('refuses %s before it makes the folder', async (name, few, problem) => {
    const folder = join(root, name);
    const attempt = trainModel({
      dataset: few,
      network: 'tinyXception',
      engine,
      folder,
      config: { epochs: 1 },
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'INVALID_DATA',
      problem: expect.stringMatching(problem),
      data: { hint: expect.any(String) },
    });
    await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
