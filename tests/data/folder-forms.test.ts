import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SPLITS } from '../../src/data/dataset.ts';
import { loadDataset } from '../../src/data/load-dataset.ts';
import type { LoadOptions, LoadProgress } from '../../src/data/load-options.ts';
import { levelOf, writeImage } from './drawn-images.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function load(folder: string, options: LoadOptions = {}) {
  const told: string[] = [];
  const onWarning = (message: string) => told.push(message);
  return { dataset: await loadDataset(folder, { align: 'none', onWarning, ...options }), told };
}

/** Two classes with two pictures each below every given folder; levels count up. */
async function withClasses(...folders: string[]): Promise<string> {
  const root = temporaryFolder();
  let level = 0;
  for (const folder of folders) {
    for (const file of ['angry/1.png', 'angry/2.png', 'happy/1.png', 'happy/2.png']) {
      await writeImage(root, join(folder, file), ++level);
    }
  }
  return root;
}

function put(root: string, ...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), 'text');
  }
}

describe('folders of splits', () => {
  it.each([
    ['train', 'validation', 'test'],
    ['Train', 'Val', 'Test'],
    ['TRAIN', 'VALID', 'TEST'],
    ['Training', 'dev', 'Testing'],
    ['training_set', 'val_set', 'test_set'],
    ['Training', 'PublicTest', 'PrivateTest'],
  ])('%s, %s, %s', async (...names) => {
    const { dataset, told } = await load(await withClasses(...names));
    expect([...dataset.splits]).toEqual(SPLITS.flatMap((_, split) => Array(4).fill(split)));
    expect(Array.from({ length: 12 }, (_, i) => levelOf(dataset.frames, i))).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
    expect(told).toEqual([]);
  });

  it('of one split twice are refused', async () => {
    const folder = await withClasses('train', 'val', 'valid');
    await expect(load(folder)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      problem: 'two folders of the validation split',
      data: { given: 'val, valid' },
    });
  });

  it('beside other folders are refused, without advice to remove anything', async () => {
    const folder = await withClasses('train', 'models');
    const error = await load(folder).catch((cause) => cause);
    expect(error).toMatchObject({ code: 'INVALID_DATA', data: { file: join(folder, 'models') } });
    expect(error.message).toContain("'train'");
    expect(error.message).not.toMatch(/remove|delete/i);
  });
});

describe('folders around the classes', () => {
  it.each(['archive', 'archive/fer2013'])('%s are skipped and reported', async (wrapper) => {
    const folder = await withClasses(`${wrapper}/train`, `${wrapper}/test`);
    put(folder, 'README.txt', '__MACOSX/._archive', '.DS_Store');
    const { dataset, told } = await load(folder);
    expect(dataset.count).toBe(8);
    expect(told).toEqual([`the classes are in '${join(folder, wrapper)}'`]);
    const unsplit = await withClasses(wrapper);
    expect((await load(unsplit)).dataset).toMatchObject({ count: 4, classes: ['angry', 'happy'] });
  });

  it('are not skipped beyond two levels', async () => {
    await expect(load(await withClasses('a/b/c'))).rejects.toMatchObject({ code: 'INVALID_DATA' });
  });
});

describe('other files beside the pictures', () => {
  it('are ignored if an operating system adds them, and otherwise counted by kind', async () => {
    const folder = await withClasses('');
    put(folder, '__MACOSX/angry/._1.png', '@eaDir/1.png/x', 'lost+found/x', '$RECYCLE.BIN/y', 'Thumbs.db');
    put(folder, '.ipynb_checkpoints/a.png', 'angry/.hidden.png', 'angry/Thumbs.db', 'angry/desktop.ini');
    put(
      folder,
      'angry/a.txt',
      'angry/b.TXT',
      'happy/film.mp4',
      'happy/face.heic',
      'happy/more/1.png',
      'happy/notes',
    );
    await writeImage(folder, 'stray.png', 9);
    const { dataset, told } = await load(folder);
    expect(dataset).toMatchObject({ count: 4, classes: ['angry', 'happy'] });
    expect(told).toEqual([
      'passed over: 2 .txt, 1 .heic, 1 .mp4, 1 beside the class folders, 1 folders within classes, 1 without ending',
    ]);
  });

  it('are reported again when the frames come from the cache', async () => {
    const folder = await withClasses('');
    const cacheFolder = temporaryFolder();
    put(folder, 'angry/a.txt');
    await load(folder, { cacheFolder });
    put(folder, 'angry/b.txt');
    expect((await load(folder, { cacheFolder })).told).toEqual(['passed over: 2 .txt']);
  });

  it('are named if a class has no picture', async () => {
    const folder = await withClasses('');
    put(folder, 'sad/1.heic', 'sad/2.heic', 'sad/notes.txt');
    const error = await load(folder).catch((cause) => cause);
    expect(error).toMatchObject({ data: { file: join(folder, 'sad'), given: '2 .heic, 1 .txt' } });
    expect(error.message).not.toMatch(/remove|delete/i);
    put(folder, 'neutral/s1/1.png', 'neutral/s2/1.png');
    await expect(load(folder)).rejects.toMatchObject({ data: { given: '2 folders (s1, s2)' } });
    mkdirSync(join(folder, 'fear'));
    await expect(load(folder)).rejects.toMatchObject({ data: { given: 'nothing' } });
  });

  it('are pictures without an extension if their bytes say so', async () => {
    const folder = await withClasses('');
    await writeImage(folder, 'angry/3.png', 30);
    execFileSync('mv', [join(folder, 'angry/3.png'), join(folder, 'angry/3')]);
    expect((await load(folder)).dataset.count).toBe(5);
  });

  it('may be a pipe, which does not block', async () => {
    const folder = await withClasses('');
    execFileSync('mkfifo', [join(folder, 'angry/9.png')]);
    expect((await load(folder)).told).toEqual(['passed over: 1 special file']);
    symlinkSync(join(folder, 'angry/9.png'), join(folder, 'happy/9.png'));
    expect((await load(folder)).told).toEqual(['passed over: 2 special file']);
  });
});

describe('names', () => {
  it('of any kind are kept apart', async () => {
    const folder = temporaryFolder();
    const classes = ['=1+1', 'Füße 😀', 'شاد', 'a,b', "it's", 'x'.repeat(200)];
    for (const [i, name] of classes.entries()) {
      await writeImage(folder, `${name}/=1+1 "q".png`, 10 + i);
      await writeImage(folder, `${name}/line\nbreak.png`, 20 + i);
    }
    const { dataset } = await load(folder);
    expect(dataset.classes).toEqual(classes.map((name) => name.normalize()).sort());
    expect(dataset.count).toBe(12);
  });

  it('of classes hold no control characters', async () => {
    const folder = await withClasses('');
    await writeImage(folder, 'line\nbreak/1.png', 1);
    await expect(load(folder)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      data: { hint: expect.any(String) },
    });
  });

  it('that differ by Unicode alone are one class in several splits, and refused side by side', async () => {
    const folder = await withClasses('train', 'test');
    await writeImage(folder, 'train/d\u00e9go\u00fbt/1.png', 1);
    await writeImage(folder, 'test/de\u0301gou\u0302t/1.png', 2);
    expect((await load(folder)).dataset.classes).toEqual(['angry', 'd\u00e9go\u00fbt', 'happy']);
    await writeImage(folder, 'train/de\u0301gou\u0302t/1.png', 3);
    await expect(load(folder)).rejects.toMatchObject({ problem: 'two folders of one class' });
  });

  it('that are not UTF-8 are refused', async () => {
    const folder = await withClasses('');
    writeFileSync(
      Buffer.concat([Buffer.from(join(folder, 'angry/')), Buffer.from([0xe9, 0x2e, 0x70, 0x6e, 0x67])]),
      'x',
    );
    await expect(load(folder)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      problem: expect.stringContaining('UTF-8'),
      data: { file: join(folder, 'angry'), given: '?.png' },
    });
  });
});

it('listing reports its progress, and stops on an abort', async () => {
  const folder = await withClasses('train', 'test');
  const heard: LoadProgress[] = [];
  await load(folder, { onProgress: (progress) => heard.push(progress) });
  expect(heard.flatMap(({ listed }) => listed ?? [])).toEqual([2, 4, 6, 8]);
  await expect(load(folder, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
});
