import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SPLITS } from '../../src/data/dataset.ts';
import { loadImageFolder } from '../../src/data/image-folder.ts';
import type { LoadOptions } from '../../src/data/load-options.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { meanShapeIn } from '../../src/landmarks/mean-shape.ts';
import { levelOf, writeImage } from './drawn-images.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Loads without a search for landmarks. */
const load = (folder: string, options: LoadOptions = {}) =>
  loadImageFolder(folder, { align: 'none', ...options });

describe('loadImageFolder', () => {
  it('treats sub-folders as classes and sorts classes and files', async () => {
    const folder = temporaryFolder();
    await writeImage(folder, 'sad/b.png', 40);
    await writeImage(folder, 'sad/a.jpeg', 30);
    await writeImage(folder, 'happy/z.JPG', 20);
    await writeImage(folder, 'happy/10.png', 10);
    writeFileSync(join(folder, 'happy/notes.txt'), 'passed over');
    writeFileSync(join(folder, 'happy/.hidden.png'), 'passed over');
    writeFileSync(join(folder, 'README.md'), 'passed over');
    const dataset = await load(folder);
    expect(dataset.classes).toEqual(['happy', 'sad']);
    expect([...dataset.labels]).toEqual([0, 0, 1, 1]);
    expect([0, 1, 2, 3].map((i) => levelOf(dataset.frames, i))).toEqual([10, 20, 30, 40]);
  });

  it('takes splits from the folders above the classes', async () => {
    const folder = temporaryFolder();
    for (const [i, split] of SPLITS.entries()) {
      await writeImage(folder, `${split}/angry/1.png`, 10 + i);
      await writeImage(folder, `${split}/happy/1.png`, 20 + i);
    }
    const dataset = await load(folder);
    expect(dataset.classes).toEqual(['angry', 'happy']);
    expect([...dataset.splits]).toEqual([0, 0, 1, 1, 2, 2]);
    expect([...dataset.labels]).toEqual([0, 1, 0, 1, 0, 1]);
    expect(Array.from({ length: 6 }, (_, i) => levelOf(dataset.frames, i))).toEqual([10, 20, 11, 21, 12, 22]);
  });

  it('treats a broken link as a missing picture', async () => {
    const folder = temporaryFolder();
    for (let i = 0; i < 12; i++) await writeImage(folder, `${i % 2 ? 'a' : 'b'}/${i}.png`, i);
    symlinkSync('../.git/annex/objects/gone.png', join(folder, 'a/annexed.png'));
    symlinkSync('nowhere', join(folder, 'a/link'));
    await expect(load(folder)).rejects.toMatchObject({ data: { file: join(folder, 'a/annexed.png') } });
    const skipped: string[] = [];
    const dataset = await load(folder, { onBadImage: 'skip', onSkip: ({ file }) => skipped.push(file) });
    expect(dataset.count).toBe(12);
    expect(skipped).toEqual([join(folder, 'a/annexed.png')]);
  });

  it('uses a fifth for validation if there are no splits', async () => {
    const folder = temporaryFolder();
    for (let i = 0; i < 20; i++) await writeImage(folder, `${i % 2 ? 'a' : 'b'}/${i}.png`, i);
    const dataset = await load(folder);
    const validation = [...dataset.labels].filter((_, i) => dataset.splits[i] === 1);
    expect(validation.sort()).toEqual([0, 0, 1, 1]);
  });

  it('aligns faces by the points of their files', async () => {
    const folder = temporaryFolder();
    await writeImage(folder, 'a/1.png', 100);
    await writeImage(folder, 'b/2.png', 100);
    const header = `file,${Array.from({ length: 68 }, (_, i) => `x${i},y${i}`).join()}`;
    const points = join(temporaryFolder(), 'points.csv');
    const face = meanShapeIn(FACE_FRAME).join();
    writeFileSync(points, `${header}\na/1.png,${face}\nb/2.png,${face}\n`);
    let unaligned = -1;
    await load(folder, { points, align: 'similarity', onProgress: (progress) => ({ unaligned } = progress) });
    expect(unaligned).toBe(0);
    writeFileSync(points, `${header}\na/1.png,${face}\n`);
    await expect(load(folder, { points, align: 'similarity' })).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining(points),
      data: { file: expect.stringMatching(/2\.png$/), option: 'file', given: 'b/2.png' },
    });
  });

  it('names an empty class', async () => {
    const folder = temporaryFolder();
    await writeImage(folder, 'a/1.png', 1);
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'b/face.txt'), '');
    await expect(load(folder)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      data: { file: expect.stringMatching(/b$/), hint: expect.stringContaining('JPEG, PNG, WebP') },
    });
  });

  it('names a damaged image', async () => {
    const folder = temporaryFolder();
    await writeImage(folder, 'a/1.png', 1);
    await writeImage(folder, 'b/1.png', 1);
    writeFileSync(join(folder, 'b/2.png'), 'text');
    const problem = { code: 'INVALID_IMAGE', data: { file: expect.stringMatching(/b.2\.png$/) } };
    await expect(load(folder)).rejects.toMatchObject(problem);
  });

  it('refuses other layouts', async () => {
    const folder = temporaryFolder();
    const invalid = { code: 'INVALID_DATA', data: { hint: expect.any(String) } };
    await expect(load(folder)).rejects.toMatchObject(invalid);
    await writeImage(folder, 'face.png', 1);
    await expect(load(folder)).rejects.toMatchObject(invalid);
    await writeImage(folder, 'a/face.png', 1);
    expect((await load(folder)).classes).toEqual(['a']);
    await writeImage(folder, 'train/a/face.png', 1);
    await expect(load(folder)).rejects.toMatchObject({ data: { file: join(folder, 'a') } });
  });

  it('follows a link within the folder and refuses one that leads out', async () => {
    const outside = temporaryFolder();
    await writeImage(outside, 'c/secret.png', 99);
    const folder = temporaryFolder();
    await writeImage(folder, 'a/1.png', 1);
    await writeImage(folder, 'b/1.png', 2);
    symlinkSync(join(folder, 'b/1.png'), join(folder, 'a/2.png'));
    const dataset = await load(folder);
    expect([0, 1, 2].map((i) => levelOf(dataset.frames, i))).toEqual([1, 2, 2]);
    const refusal = { code: 'INVALID_DATA', message: expect.stringContaining('out of') };
    symlinkSync(join(outside, 'c/secret.png'), join(folder, 'a/3.png'));
    await expect(load(folder)).rejects.toMatchObject({
      ...refusal,
      data: { file: join(folder, 'a/3.png') },
    });
    const another = temporaryFolder();
    await writeImage(another, 'a/1.png', 1);
    symlinkSync(join(outside, 'c'), join(another, 'c'));
    await expect(load(another)).rejects.toMatchObject(refusal);
  });

  it('stops on an abort, and reports a missing folder', async () => {
    const folder = temporaryFolder();
    await writeImage(folder, 'a/1.png', 1);
    await writeImage(folder, 'b/1.png', 1);
    await expect(load(folder, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    const missing = join(folder, 'missing');
    await expect(load(missing)).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
      data: { file: missing },
    });
  });
});
