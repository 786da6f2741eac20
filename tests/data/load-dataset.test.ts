import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/data/load-dataset.ts';
import type { LoadOptions } from '../../src/data/load-options.ts';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { writeImage } from './drawn-images.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Loads without a search for landmarks. */
const load = (source: string, options: LoadOptions = {}) =>
  loadDataset(source, { align: 'none', ...options });

const FER2013 = `emotion,pixels,Usage\n3,${Array(2304).fill(9).join(' ')},Training\n`;

describe('loadDataset', () => {
  it('distinguishes csv, gzip, manifest and folder by their content', async () => {
    const folder = temporaryFolder();
    await writeImage(folder, 'a/1.png', 1);
    await writeImage(folder, 'b/1.png', 1);
    expect((await load(folder)).classes).toEqual(['a', 'b']);
    const write = (name: string, content: string | Uint8Array) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    expect((await load(write('faces.csv', FER2013))).classes).toEqual(['happy']);
    expect((await load(write('faces.data', gzipSync(FER2013)))).classes).toEqual(['happy']);
    const manifest = '\uFEFF"label","path"\nx,a/1.png\ny,b/1.png\n';
    expect((await load(write('manifest.csv', manifest))).classes).toEqual(['x', 'y']);
    expect((await load(write('manifest.csv.gz', gzipSync(manifest)))).classes).toEqual(['x', 'y']);
  });

  it('draws synthetic faces', async () => {
    const dataset = await load('synthetic:70', { align: 'nose' });
    expect(dataset).toEqual(syntheticFaces({ count: 70, align: 'nose' }));
    expect(dataset.hash).not.toBe(syntheticFaces({ count: 70 }).hash);
    expect(dataset.count).toBe(70);
  });

  it.each([
    'synthetic:',
    'synthetic:many',
    'synthetic:-1',
    'synthetic:1.5',
    'synthetic:0',
    'synthetic:999999999',
  ])('refuses %s', async (source) => {
    await expect(load(source)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      data: { hint: expect.any(String) },
    });
  });

  it('refuses points for synthetic faces', async () => {
    await expect(load('synthetic:70', { points: 'points.csv' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      data: { option: 'points' },
    });
  });

  it.each([
    ['an empty file', '', {}],
    ['an empty gzip', gzipSync(''), {}],
    ['another csv', 'name,age\nx,3\n', { row: 1, given: 'name,age' }],
    ['something else', new Uint8Array(1 << 17).fill(200), { row: 1 }],
    ['half a gzip', gzipSync(FER2013).subarray(0, 40), {}],
  ])('refuses %s', async (_, content, data) => {
    const file = join(temporaryFolder(), 'data');
    writeFileSync(file, content);
    const problem = { code: 'INVALID_DATA', data: { file, hint: expect.any(String), ...data } };
    await expect(load(file)).rejects.toMatchObject(problem);
  });

  it('reports missing data', async () => {
    const problem = { code: 'FILE_SYSTEM', data: { file: '/nowhere/data.csv' } };
    await expect(load('/nowhere/data.csv')).rejects.toMatchObject(problem);
  });
});
