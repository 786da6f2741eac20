import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import {
  findPhotos,
  findPictures,
  groupByFolder,
  planDrawings,
} from '../../../src/cli/prediction/photo-files.ts';
import { temporaryFolder } from '../../data/temporary-folder.ts';

function withPhotos(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
  return folder;
}

test('folders stand for their photos, by name', async () => {
  const folder = withPhotos('b/2.JPG', 'b/1.webp', 'b/3.gif', 'b/5.txt', 'b/c/4.png', 'a.png');
  const [a, b] = [join(folder, 'a.png'), join(folder, 'b')];
  const files = ['1.webp', '2.JPG', '3.gif', 'c/4.png'].map((name) => join(b, name));
  const some = await findPhotos([a, b]);
  expect(some).toMatchObject({ files: [a, ...files], single: false });
  expect(await findPhotos([b, a, b, files[0]])).toMatchObject({ files: [...files, a], single: false });
  expect(await findPhotos([a, a])).toMatchObject({ files: [a], single: true });
  const out = join(temporaryFolder(), 'out');
  const drawings = await planDrawings(some, out, ['png']);
  expect([...drawings.values()]).toEqual(
    ['a.png', '1.png', '2.png', '3.png', 'c/4.png'].map((name) => join(out, name)),
  );
});

test('photos of one folder in a row are a stream', () => {
  expect(groupByFolder(['a/1.png', 'a/2.png', 'b/1.png', 'a/3.png', '4.png'])).toEqual([
    ['a/1.png', 'a/2.png'],
    ['b/1.png'],
    ['a/3.png'],
    ['4.png'],
  ]);
});

test('drawings of equal names do not take each other’s place', async () => {
  const out = join(temporaryFolder(), 'new', 'drawn');
  const files = ['a/1.jpg', 'b/1.png', 'b/2.png', 'c/1.webp'];
  const drawings = await planDrawings({ files, single: false }, out, ['png']);
  expect([...drawings]).toEqual([
    ['a/1.jpg', join(out, '1.png')],
    ['b/1.png', join(out, '1-2.png')],
    ['b/2.png', join(out, '2.png')],
    ['c/1.webp', join(out, '1-3.png')],
  ]);
});

test('the drawing of a single photo has the given name', async () => {
  const drawings = await planDrawings({ files: ['a/1.jpg'], single: true }, 'out.png', ['png']);
  expect([...drawings]).toEqual([['a/1.jpg', 'out.png']]);
});

test('animations are told from photos by their content, and are drawn as animations', async () => {
  const folder = withPhotos('a.png', 'c.webp');
  const pictures = ['#111', '#999'].map((background) => ({
    create: { width: 8, height: 8, channels: 3, background } as const,
  }));
  const frames = await Promise.all(pictures.map((one) => sharp(one).png().toBuffer()));
  const moving = () => sharp(frames, { join: { animated: true } });
  await moving().gif().toFile(join(folder, 'b.gif'));
  await moving().webp().toFile(join(folder, 'd.webp'));
  const found = await findPictures([folder]);
  const [a, b, c, d] = ['a.png', 'b.gif', 'c.webp', 'd.webp'].map((name) => join(folder, name));
  expect(found).toMatchObject({ files: [a, b, c, d], single: false, animations: new Set([b, d]) });
  expect(groupByFolder(found.files, found.animations)).toEqual([[a], [b], [c], [d]]);
  const out = join(folder, 'out');
  expect([...(await planDrawings(found, out, ['png'])).values()]).toEqual(
    ['a.png', 'b.gif', 'c.png', 'd.webp'].map((name) => join(out, name)),
  );
  const one = await findPictures([b]);
  expect([...(await planDrawings(one, 'x.webp', ['png'])).values()]).toEqual(['x.webp']);
  await expect(planDrawings(one, 'x.jpg', ['png', 'jpg'])).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});
