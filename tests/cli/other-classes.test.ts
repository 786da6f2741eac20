import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { sampleFile } from '../prediction/photos.ts';
import { inProcess } from './program.ts';

/** Noise that is brighter above for one class and below for the other. */
async function writeFaces(folder: string, label: string, count: number): Promise<void> {
  mkdirSync(join(folder, label), { recursive: true });
  for (let i = 0; i < count; i++) {
    const random = randomStream(folder, label, i);
    const level = (row: number) => (row < 24 === (label === 'female') ? 150 : 60);
    const pixels = Buffer.from(
      Array.from({ length: 48 * 48 }, (_, pixel) => level(Math.floor(pixel / 48)) + random.integer(0, 60)),
    );
    await sharp(pixels, { raw: { width: 48, height: 48, channels: 1 } }).toFile(
      join(folder, label, `${i}.png`),
    );
  }
}

test('a folder of two classes that are no expressions is trained, evaluated, explained and predicted', async () => {
  const root = temporaryFolder();
  const data = join(root, 'people');
  for (const label of ['female', 'male']) {
    await writeFaces(join(data, 'train'), label, 24);
    await writeFaces(join(data, 'validation'), label, 8);
  }
  const run = async (...args: string[]) => {
    const ended = await inProcess(...args, '--json');
    expect(ended).toMatchObject({ code: 0 });
    return JSON.parse(ended.stdout);
  };
  const faces = ['--data', data, '--align', 'none', '--cache', 'none'];
  const out = ['--out', join(root, 'run')];
  const recipe = ['--network', 'tinyXception', '--epochs', '4', '--batch-size', '16', '--threads', '1'];
  const { model, best } = await run('train', ...recipe, ...faces, ...out);
  expect(best.validationAccuracy).toBeGreaterThan(0.9);
  const evaluated = await run('evaluate', '--model', model, ...faces, '--split', 'validation');
  expect(evaluated).toMatchObject({ samples: 16, accuracy: best.validationAccuracy });
  const regions = await run('regions', '--model', model, ...faces, '--split', 'validation');
  expect(regions.findings ?? []).toEqual([]);

  const photo = join(root, 'photo.png');
  await sharp(sampleFile(3)).resize(640).toFile(photo);
  const { classes, photos, genderClasses } = await run(
    'predict',
    photo,
    '--model',
    model,
    '--gender-model',
    model,
  );
  expect([classes, genderClasses]).toEqual([
    ['female', 'male'],
    ['female', 'male'],
  ]);
  expect(photos[0].faces).toHaveLength(3);
  for (const { label, probabilities, also } of photos[0].faces) {
    expect(Object.keys(probabilities)).toEqual(['female', 'male']);
    expect(also.label).toBe(label);
  }
}, 30_000);
