import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { createDataset, type EvopatchError, loadDataset, type Sample, trainModel } from '../../src/index.ts';
import { toyDetector } from '../testing/toy-detector.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SIDE = 48;
const LABELS = ['sad', 'happy'];
const pictures = Array.from({ length: 10 }, (_, i) => {
  const random = randomStream('created', i);
  return Uint8Array.from({ length: SIDE * SIDE }, () => random.integer(0, 255));
});
const grey = (pixels: Uint8Array) => ({ pixels, width: SIDE, height: SIDE });
const samples: Sample[] = pictures.map((pixels, i) => ({
  image: grey(pixels),
  label: LABELS[i % 2],
  split: i < 8 ? 'train' : 'validation',
}));

/** The same pictures as a csv of pixels. */
function csvOfPictures(): string {
  const file = join(temporaryFolder(), 'pictures.csv');
  const rows = pictures.map((pixels, i) => `${LABELS[i % 2]},${pixels.join(' ')},${i < 8 ? 'train' : 'val'}`);
  writeFileSync(file, ['label,pixels,split', ...rows].join('\n'));
  return file;
}

describe('pictures in memory', () => {
  it.each(['none', 'similarity'] as const)(
    'become the frames of the same pictures in a file (align %s)',
    async (align) => {
      const created = await createDataset(samples, { align, workers: 0 });
      const { name, ...loaded } = await loadDataset(csvOfPictures(), { align, workers: 0 });
      expect(created).toEqual({ ...loaded, name: 'samples' });
      expect(created.classes).toEqual(['happy', 'sad']);
    },
  );

  it('are read one by one, as bytes of a file, in colour, or from a canvas', async () => {
    const raw = { width: SIDE, height: SIDE, channels: 1 } as const;
    async function* stream() {
      for (const [i, pixels] of pictures.entries()) {
        const rgb = Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, at) => pixels[Math.floor(at / 3)]);
        const rgba = Uint8Array.from({ length: 4 * SIDE * SIDE }, (_, at) =>
          at % 4 === 3 ? 255 : pixels[at >> 2],
        );
        const forms = [
          await sharp(pixels, { raw }).png().toBuffer(),
          { ...grey(pixels), pixels: rgb },
          { data: rgba, width: SIDE, height: SIDE },
        ];
        yield { ...samples[i], image: forms[i % 3] };
      }
    }
    const options = { align: 'none', name: 'frames of a camera' } as const;
    const streamed = await createDataset(stream(), options);
    expect(streamed).toEqual({ ...(await createDataset(samples, options)), name: 'frames of a camera' });
  });

  it('bring landmarks of their own, or have them found by a detector', async () => {
    const points = (await toyDetector.locate({ pixels: new Uint8Array(0), width: SIDE, height: SIDE }))
      .points;
    const own = await createDataset(samples.map((sample) => ({ ...sample, points })));
    const found = await createDataset(samples, { detector: toyDetector, faces: 'crop' });
    const mixed = samples.map((sample, i) => (i % 3 ? sample : { ...sample, points }));
    expect(own.unaligned).toBe(0);
    expect(own.frames).toEqual(found.frames);
    expect((await createDataset(mixed, { detector: toyDetector, faces: 'crop' })).frames).toEqual(own.frames);
  });

  it('keep people and groups; a fifth of the people moves to an empty validation split', async () => {
    const described = samples.map((sample, i): Sample => {
      return {
        ...sample,
        split: 'train',
        subject: `person ${i % 5}`,
        groups: { age: `${20 + i}`, gender: i ? 'f' : '' },
      };
    });
    const { subjects, groups, splits } = await createDataset(described, { align: 'none' });
    expect(subjects).toEqual(Int32Array.of(0, 1, 2, 3, 4, 0, 1, 2, 3, 4));
    expect(groups?.get('gender')).toEqual({ values: ['f'], of: Int32Array.of(-1, ...new Array(9).fill(0)) });
    expect(groups?.get('age')?.values).toHaveLength(10);
    expect(splits.filter((split) => split === 1)).toHaveLength(2);
    expect(splits.slice(0, 5)).toEqual(splits.slice(5));
  });

  it('serve a training', async () => {
    const faces = Array.from({ length: 40 }, (_, i): Sample => {
      return { image: grey(pictures[i % 10]), label: LABELS[i % 2], split: i < 32 ? 'train' : 'validation' };
    });
    const dataset = await createDataset(faces, { align: 'none' });
    const config = { epochs: 1, batchSize: 16 };
    const trained = await trainModel({ dataset, network: 'tinyXception', seed: 'a', config });
    expect(trained.epochs).toHaveLength(1);
  });
});

describe('a bad sample', () => {
  const refusal = (change: object, at = 3) =>
    createDataset(samples.map((sample, i) => (i === at ? { ...sample, ...change } : sample)) as Sample[], {
      align: 'none',
    });

  it.each<[string, object, object]>([
    ['label', { label: '' }, { code: 'INVALID_DATA', data: { sample: 3, option: 'label' } }],
    ['split', { split: 'dev' }, { code: 'INVALID_DATA', data: { sample: 3, option: 'split', given: 'dev' } }],
    ['points', { points: [1, 2] }, { code: 'INVALID_DATA', data: { sample: 3, option: 'points' } }],
    ['misspelt field', { lable: 'a' }, { code: 'INVALID_DATA', data: { sample: 3, option: 'lable' } }],
    ['subject of some', { subject: 'anna' }, { code: 'INVALID_DATA', data: { sample: 3, given: 'subject' } }],
    ['groups of some', { groups: { age: '3' } }, { code: 'INVALID_DATA', data: { sample: 3, given: 'age' } }],
    ['missing picture', { image: undefined }, { code: 'INVALID_IMAGE', data: { sample: 3 } }],
    [
      'size',
      { image: { pixels: pictures[0], width: 47, height: 48 } },
      { code: 'INVALID_IMAGE', data: { sample: 3 } },
    ],
    ['bytes', { image: new Uint8Array([1, 2, 3]) }, { code: 'INVALID_IMAGE', data: { sample: 3 } }],
  ])('is named by its number: %s', async (_, change, expected) => {
    await expect(refusal(change)).rejects.toMatchObject(expected);
    await expect(refusal(change)).rejects.toThrow(/^sample 3/);
  });

  it('is left out on request if its picture is at fault', async () => {
    const seen: EvopatchError[] = [];
    const damaged = samples.map((sample, i) =>
      i === 4 ? { ...sample, image: Buffer.from('no picture') } : sample,
    );
    const options = {
      align: 'none',
      onBadImage: 'skip',
      onSkip: ({ error }: { error: EvopatchError }) => seen.push(error),
    } as const;
    expect(await createDataset(damaged, options)).toMatchObject({ count: 9, skipped: 1 });
    expect(seen).toMatchObject([{ code: 'INVALID_IMAGE', data: { sample: 4 } }]);
  });

  it('is refused, and so are no samples and too many classes', async () => {
    await expect(createDataset([])).rejects.toMatchObject({
      code: 'INVALID_DATA',
      data: { file: 'samples' },
    });
    const many = Array.from({ length: 257 }, (_, i) => ({ image: grey(pictures[0]), label: `class ${i}` }));
    await expect(createDataset(many, { align: 'none' })).rejects.toMatchObject({
      data: { given: '257 classes' },
    });
  });
});
