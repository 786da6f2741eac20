import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { containedPath } from '../../src/data/contained-path.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * `data/faces/1.png` with links to it within `data`; beside it `data-2/secret.png`, whose path begins like that of
 * `data`, and links to it.
 */
function prepare(): string {
  const folder = realpathSync(temporaryFolder());
  for (const name of ['data/faces', 'data-2']) mkdirSync(join(folder, name), { recursive: true });
  for (const file of ['data/faces/1.png', 'data-2/secret.png']) writeFileSync(join(folder, file), file);
  const root = join(folder, 'data');
  symlinkSync(join(root, 'faces'), join(root, 'inside'));
  symlinkSync('faces/1.png', join(root, 'relative.png'));
  symlinkSync(join(folder, 'data-2'), join(root, 'folder'));
  symlinkSync(join(folder, 'data-2', 'secret.png'), join(root, 'absolute.png'));
  symlinkSync('../data-2/secret.png', join(root, 'climbing.png'));
  symlinkSync('inside/../../data-2/secret.png', join(root, 'winding.png'));
  symlinkSync('nowhere', join(root, 'dangling.png'));
  symlinkSync('loop.png', join(root, 'loop.png'));
  symlinkSync(root, join(folder, 'data-2', 'back'));
  return root;
}

it.each(['faces/1.png', './faces//1.png', 'inside/1.png', 'relative.png', 'faces/./1.png'])(
  'finds %s',
  async (path) => {
    const root = prepare();
    expect(await containedPath(root, path, {})).toBe(join(root, 'faces/1.png'));
  },
);

it.each([
  ['nothing', ''],
  ['an absolute path', '/etc/hostname'],
  ['a drive', 'C:\\face.png'],
  ['a drive without a separator', 'c:face.png'],
  ['a share', '\\\\server\\face.png'],
  ['the folder above', '..'],
  ['a path that climbs', '../data-2/secret.png'],
  ['a path that climbs on its way', 'faces/../../data-2/secret.png'],
  ['a path that climbs and comes back', 'faces/../faces/1.png'],
  ['a path that climbs in the Windows way', 'faces\\..\\..\\data-2\\secret.png'],
  ['a zero byte', 'faces/1.png\0'],
  ['the folder itself', '.'],
  ['a link to a neighbour whose name begins alike', 'folder/secret.png'],
  ['an absolute link out', 'absolute.png'],
  ['a relative link out', 'climbing.png'],
  ['a link out by way of a link', 'winding.png'],
  ['a link to nothing', 'dangling.png'],
  ['a link to itself', 'loop.png'],
  ['a way out and back in', 'folder/back/../../data-2/secret.png'],
  ['a missing file', 'faces/2.png'],
  ['a file for a folder', 'faces/1.png/2.png'],
])('refuses %s', async (_, path) => {
  const root = prepare();
  const where = { file: 'manifest.csv', row: 7, option: 'path' };
  await expect(containedPath(root, path, where)).rejects.toMatchObject({
    code: 'INVALID_DATA',
    data: { ...where, given: path, hint: expect.any(String) },
  });
});

it('takes the absolute path of a file inside, and backslashes for slashes', async () => {
  const root = prepare();
  const file = join(root, 'faces/1.png');
  for (const path of [file, 'faces\\1.png', '.\\faces\\1.png', join(root, 'inside/1.png')]) {
    expect(await containedPath(root, path, {})).toBe(file);
  }
  for (const path of [
    join(root, '../data-2/secret.png'),
    join(root, 'absolute.png'),
    `${root}-2/secret.png`,
  ]) {
    await expect(containedPath(root, path, {})).rejects.toMatchObject({ code: 'INVALID_DATA' });
  }
});
