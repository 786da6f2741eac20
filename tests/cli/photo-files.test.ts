import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findPhotos, groupByFolder, planDrawings } from '../../src/cli/photo-files.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

function withPhotos(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
  return folder;
}

test('folders stand for their photos, by name', async () => {
  const folder = withPhotos('b/2.JPG', 'b/1.webp', 'b/3.gif', 'b/c/4.png', 'a.png');
  const [a, b] = [join(folder, 'a.png'), join(folder, 'b')];
  const files = [join(b, '1.webp'), join(b, '2.JPG')];
  expect(await findPhotos([a, b])).toEqual({ files: [a, ...files], single: false });
  expect(await findPhotos([b])).toEqual({ files, single: false });
  expect(await findPhotos([a])).toEqual({ files: [a], single: true });
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
  const drawings = await planDrawings({ files, single: false }, out);
  expect([...drawings]).toEqual([
    ['a/1.jpg', join(out, '1.png')],
    ['b/1.png', join(out, '1-2.png')],
    ['b/2.png', join(out, '2.png')],
    ['c/1.webp', join(out, '1-3.png')],
  ]);
});

test('the drawing of a single photo has the given name', async () => {
  const drawings = await planDrawings({ files: ['a/1.jpg'], single: true }, 'out.png');
  expect([...drawings]).toEqual([['a/1.jpg', 'out.png']]);
});
