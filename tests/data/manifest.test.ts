import { execFileSync } from 'node:child_process';
import { realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/data/load-dataset.ts';
import type { LoadOptions, SkippedImage } from '../../src/data/load-options.ts';
import { loadManifest } from '../../src/data/manifest.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { meanShapeIn } from '../../src/landmarks/mean-shape.ts';
import { levelOf, writeImage } from './drawn-images.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Loads without a search for landmarks. */
const load = (file: string, options: LoadOptions = {}) => loadManifest(file, { align: 'none', ...options });

/** A folder with faces/1.png … faces/4.png, grey levels 1–4, and a manifest. */
async function folderWith(manifest: string): Promise<{ folder: string; file: string }> {
  const folder = temporaryFolder();
  for (const level of [1, 2, 3, 4]) await writeImage(folder, `faces/${level}.png`, level);
  const file = join(folder, 'manifest.csv');
  writeFileSync(file, manifest);
  return { folder, file };
}

describe('loadManifest', () => {
  it('loads what is listed, in its order', async () => {
    const lines = [
      'faces/3.png,sad,anna,test',
      'faces/1.png,"happy, very",ben,train',
      './faces/2.png,sad,ben,validation',
    ];
    const { file } = await folderWith(['path,label,subject,split', ...lines].join('\r\n'));
    const dataset = await load(file);
    expect(dataset.classes).toEqual(['happy, very', 'sad']);
    expect([...dataset.labels]).toEqual([1, 0, 1]);
    expect([...dataset.splits]).toEqual([2, 0, 1]);
    expect([...(dataset.subjects ?? [])]).toEqual([0, 1, 1]);
    expect([0, 1, 2].map((i) => levelOf(dataset.frames, i))).toEqual([3, 1, 2]);
  });

  it.each([',', ';', '\t'])('takes fields between %j and any line breaks', async (delimiter) => {
    const rows = ['path,label', 'faces/3.png,sad', 'faces/1.png,happy', 'faces/2.png,sad'];
    for (const lineBreak of ['\n', '\r\n', '\r']) {
      const { file } = await folderWith(rows.join(lineBreak).replaceAll(',', delimiter));
      const { classes, labels, frames } = await load(file);
      expect([classes, [...labels]]).toEqual([
        ['happy', 'sad'],
        [1, 0, 1],
      ]);
      expect([0, 1, 2].map((i) => levelOf(frames, i))).toEqual([3, 1, 2]);
    }
  });

  it('reads further columns as groups, in shared memory', async () => {
    const lines = ['f,9,1.png,a', 'm,10,2.png,b', ',33,3.png,a', 'f,9,4.png,b'].map((line) => {
      return line.replace(/(\d\.png)/, 'faces/$1');
    });
    const { file } = await folderWith(['gender,age,path,label', ...lines].join('\n'));
    const { groups } = await load(file);
    expect([...groups!.keys()]).toEqual(['gender', 'age']);
    expect(groups!.get('gender')).toEqual({ values: ['f', 'm'], of: Int32Array.of(0, 1, -1, 0) });
    expect(groups!.get('age')).toEqual({ values: ['9', '10', '33'], of: Int32Array.of(0, 1, 2, 0) });
    expect(groups!.get('age')!.of.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('hashes the groups too', async () => {
    const lines = (gender: string) => `path,label,gender\nfaces/1.png,a,f\nfaces/2.png,b,${gender}\n`;
    const one = await load((await folderWith(lines('m'))).file);
    const other = await load((await folderWith(lines('f'))).file);
    const none = await load((await folderWith('path,label\nfaces/1.png,a\nfaces/2.png,b\n')).file);
    expect(new Set([one, other, none].map(({ hash }) => hash)).size).toBe(3);
    expect(none).not.toHaveProperty('groups');
    expect([...other.groups!.get('gender')!.of]).toEqual([0, 0]);
  });

  it('moves whole people to validation without a split', async () => {
    const lines = ['a', 'a', 'b', 'b', 'c', 'c'].map(
      (subject, i) => `${i % 2},${subject},faces/${1 + (i % 4)}.png`,
    );
    const { file } = await folderWith(['label,subject,path', ...lines].join('\n'));
    const dataset = await load(file);
    const people = (split: number) =>
      new Set([...dataset.subjects!].filter((_, i) => dataset.splits[i] === split));
    expect([people(0).size, people(1).size]).toEqual([2, 1]);
    expect([...people(0)].filter((person) => people(1).has(person))).toEqual([]);
  });

  it('accepts points by row and by file', async () => {
    const { folder, file } = await folderWith('path,label\n./faces/1.png,a\nfaces/2.png,b\n');
    const coordinates = Array.from({ length: 68 }, (_, i) => `x${i},y${i}`).join();
    const face = meanShapeIn(FACE_FRAME).join();
    for (const names of [
      ['row', '0', '1'],
      ['file', 'faces/1.png', 'faces/2.png'],
    ]) {
      const points = join(folder, 'points.csv');
      writeFileSync(
        points,
        `${names[0]},${coordinates}\n${names[1]},${face}\n${names[2]}${','.repeat(136)}\n`,
      );
      let unaligned = -1;
      await load(file, { points, align: 'similarity', onProgress: (progress) => ({ unaligned } = progress) });
      expect(unaligned).toBe(1);
    }
  });

  it.each([
    ['an empty file', '', {}],
    ['no label column', 'path,subject\n', { row: 1, option: 'label' }],
    [
      'a slip of a column',
      'path,label,spilt\n',
      { row: 1, option: 'spilt', hint: expect.stringContaining("mean 'split'") },
    ],
    [
      'another slip',
      'path,label,Subjct,split\n',
      { row: 1, option: 'Subjct', hint: expect.stringContaining("mean 'subject'") },
    ],
    ['two columns that could be the label', 'path,class,emotion\n', { row: 1, given: 'class, emotion' }],
    ['two columns that could be the path', 'file,image,label\n', { row: 1, given: 'file, image' }],
    ['a column without a name', 'path,label,\n', { row: 1, option: '' }],
    ['a further column twice', 'path,label,age,age\n', { row: 1, option: 'age' }],
    ['a column twice', 'path,label,label\n', { row: 1, option: 'label' }],
    ['a header only', 'path,label\n', { given: '0 classes' }],
    ['a short row', 'path,label\nfaces/1.png', { row: 2, given: '1 columns' }],
    ['an empty label', 'path,label\nfaces/1.png,', { row: 2, option: 'label' }],
    [
      'an empty subject',
      'path,label,subject\nfaces/1.png,a,x\nfaces/2.png,b,',
      { row: 3, option: 'subject' },
    ],
    [
      'an unknown split',
      'path,label,split\nfaces/1.png,a,fold1',
      { row: 2, option: 'split', given: 'fold1' },
    ],
    [
      'a missing image',
      'path,label\nfaces/1.png,a\nfaces/9.png,b',
      { row: 3, option: 'path', given: 'faces/9.png' },
    ],
    ['an absolute path', 'path,label\n/etc/hostname,a', { row: 2, option: 'path', given: '/etc/hostname' }],
    ['a drive', 'path,label\nC:\\face.png,a', { row: 2, option: 'path' }],
    ['a path that climbs', 'path,label\nfaces/../faces/1.png,a', { row: 2, option: 'path' }],
    ['a path that climbs backwards', 'path,label\n..\\1.png,a', { row: 2, option: 'path' }],
    ['a path with a zero byte', 'path,label\nfaces/1.png\0,a', { row: 2 }],
  ])('refuses %s', async (_, content, data) => {
    const { file } = await folderWith(content);
    const problem = { code: 'INVALID_DATA', data: { file, hint: expect.any(String), ...data } };
    await expect(load(file)).rejects.toMatchObject(problem);
  });

  it.each([
    ['image,class', 'faces/1.png,a', 'faces/2.png,b'],
    ['Filename,Emotion', 'faces/1.png,a', 'faces/2.png,b'],
    ['label,file_path', 'a,faces\\1.png', 'b,faces\\2.png'],
    [',IMG,Target', '0,faces/1.png,a', '1,faces/2.png,b'],
    ['Unnamed: 0,path,label', '0,faces/1.png,a', '1,faces/2.png,b'],
    ['path;label', 'faces/1.png;a', 'faces/2.png;b'],
    ['image\tlabel', 'faces/1.png\ta', 'faces/2.png\tb'],
    ['path,label', 'ROOT/faces/1.png,a', 'ROOT/faces/2.png,b'],
  ])('reads %s', async (...lines) => {
    const { folder, file } = await folderWith('');
    writeFileSync(file, lines.join('\n').replaceAll('ROOT', realpathSync(folder)));
    for (const load of [loadManifest, loadDataset]) {
      const dataset = await load(file, { align: 'none' });
      expect(dataset.classes).toEqual(['a', 'b']);
      expect([0, 1].map((i) => levelOf(dataset.frames, i))).toEqual([1, 2]);
      expect(dataset.groups).toBeUndefined();
    }
  });

  it('knows splits by the names that folders have', async () => {
    const names = ['Training', 'val', 'Testing', 'valid'];
    const rows = names.map((name, i) => `faces/${i + 1}.png,${'ab'[i % 2]},${name}`);
    const { file } = await folderWith(['path,label,Split', ...rows].join('\n'));
    expect([...(await load(file)).splits]).toEqual([0, 1, 2, 1]);
  });

  it('leaves out a missing image on request, also from the cache', async () => {
    const { file } = await folderWith('path,label\nfaces/1.png,a\nfaces/9.png,b\nfaces/2.png,b\n');
    const cacheFolder = temporaryFolder();
    for (let i = 0; i < 2; i++) {
      const skips: SkippedImage[] = [];
      const onSkip = (skip: SkippedImage) => skips.push(skip);
      const dataset = await load(file, { onBadImage: 'skip', onSkip, cacheFolder });
      expect(dataset).toMatchObject({ count: 2, skipped: 1 });
      expect(skips).toMatchObject([
        { file, row: 3, error: { code: 'INVALID_DATA', data: { given: 'faces/9.png' } } },
      ]);
    }
  });

  it('does not wait for a pipe, and leaves out anything except files', async () => {
    const { folder, file } = await folderWith(
      'path,label\nfaces/1.png,a\nfaces/p.png,b\nfaces,b\nfaces/2.png,b\n',
    );
    execFileSync('mkfifo', [join(folder, 'faces/p.png')]);
    await expect(load(file)).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
      message: expect.stringContaining('pipe'),
    });
    expect(await load(file, { onBadImage: 'skip' })).toMatchObject({ count: 2, skipped: 2 });
  });

  it('finds a file whose name is spelled with other Unicode characters', async () => {
    const { folder, file } = await folderWith('path,label\nfaces/1.png,a\nfaces/\u00e9.png,b\n');
    await writeImage(folder, 'faces/e\u0301.png', 50);
    const dataset = await load(file);
    expect(levelOf(dataset.frames, 1)).toBe(50);
  });

  it('refuses a link that leads out of the folder', async () => {
    const outside = temporaryFolder();
    await writeImage(outside, 'secret.png', 9);
    const { folder, file } = await folderWith('path,label\nlinked/secret.png,a\n');
    symlinkSync(outside, join(folder, 'linked'));
    await expect(load(file)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining('out of'),
      data: { file, row: 2, option: 'path', given: 'linked/secret.png' },
    });
  });

  it('names a file that is not an image', async () => {
    const { folder, file } = await folderWith('path,label\nfaces/1.png,a\nfaces/text.png,b\nfaces,c\n');
    writeFileSync(join(folder, 'faces/text.png'), 'text');
    const problem = { code: 'INVALID_IMAGE', data: { file: expect.stringMatching(/text\.png$/) } };
    await expect(load(file)).rejects.toMatchObject(problem);
  });
});
