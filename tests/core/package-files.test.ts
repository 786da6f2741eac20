import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { packageFile, packageRoot } from '../../src/core/package-files.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The module outside the package, as a bundle that it is part of would have it. */
async function inBundle(): Promise<{
  folder: string;
  module: typeof import('../../src/core/package-files.ts');
}> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'package.json'), '{ "name": "program", "type": "module" }');
  cpSync(join(ROOT, 'dist/core'), join(folder, 'out'), { recursive: true });
  return { folder, module: await import(pathToFileURL(join(folder, 'out/package-files.js')).href) };
}

function put(file: string, text = ''): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const NAME = 'kernels/simd.wasm';
const beside = (folder: string) => () => pathToFileURL(join(folder, 'beside.wasm'));

it('finds its own files from the sources', () => {
  expect(packageRoot()).toBe(ROOT);
  expect(packageFile(NAME, () => new URL('nowhere', import.meta.url))).toBe(join(ROOT, 'dist', NAME));
});

it('finds the files of a bundle: as the bundler says, in the installed package, in a folder beside', async () => {
  const { folder, module } = await inBundle();
  const copied = put(join(folder, 'out/evopatch', NAME));
  expect(module.packageFile(NAME, beside(folder))).toBe(copied);
  const installed = put(join(folder, 'node_modules/evopatch/dist', NAME));
  put(join(folder, 'node_modules/evopatch/package.json'), '{ "name": "evopatch" }');
  expect(module.packageFile(NAME, beside(folder))).toBe(installed);
  const emitted = put(join(folder, 'beside.wasm'));
  expect(module.packageFile(NAME, beside(folder))).toBe(emitted);
});

it('works without a URL, as in CommonJS', async () => {
  const { folder, module } = await inBundle();
  const copied = put(join(folder, 'out/evopatch', NAME));
  expect(module.packageFile(NAME, () => new URL('x', undefined as unknown as string))).toBe(copied);
});

it('names the missing file and suggests a location', async () => {
  const { folder, module } = await inBundle();
  const find = () => module.packageFile(NAME, beside(folder));
  expect(find).toThrow(/dist\/kernels\/simd\.wasm/);
  expect(find).toThrow(
    expect.objectContaining({
      name: 'EvopatchError',
      code: 'MISSING_PACKAGE',
      message: expect.stringContaining('external'),
    }),
  );
});
