import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../data/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PROGRAM = `
import { createDataset, type Dataset, evolvePatches, type LandmarkDetector, loadDataset, loadModel } from 'evopatch';
import { checkLandmarkDetector } from 'evopatch/testing';

const dataset: Dataset = await loadDataset('faces');
for await (const { index } of evolvePatches({ dataset, seed: 'a', runFolder: 'run' })) index.toFixed();
await createDataset([{ image: { pixels: new Uint8Array(4), width: 2, height: 2 }, label: 'a' }]);
const detector: LandmarkDetector = {
  version: '1',
  detect: async () => [],
  locate: async ({ width, height }) => ({ box: { x: 0, y: 0, width, height }, score: 1, points: new Float32Array(136) }),
};
await checkLandmarkDetector(detector);
const [face] = await (await loadModel('model')).predictFaces('photo.jpg');
face.label.trim();
// @ts-expect-error a probability is a number
face.probability.trim();
// @ts-expect-error a sample has a label
await createDataset([{ image: 'a.png' }]);
`;

function userProject(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/evopatch'));
  symlinkSync(join(ROOT, 'node_modules/@types'), join(folder, 'node_modules/@types'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  return folder;
}

it.each([
  ['the oldest TypeScript that the README promises', 'typescript-oldest', 'nodenext', 'nodenext'],
  ['ours', 'typescript', 'nodenext', 'nodenext'],
  ['a bundler', 'typescript-oldest', 'esnext', 'bundler'],
])(
  'the whole of the typings compiles with %s',
  async (_, compiler, module, resolution) => {
    const options =
      `--strict --noEmit --skipLibCheck false --target es2022 --types node --module ${module}`.split(' ');
    const args = [...options, '--moduleResolution', resolution, 'program.ts'];
    const script = join(ROOT, 'node_modules', compiler, 'bin/tsc');
    const run = promisify(execFile)(process.execPath, [script, ...args], { cwd: userProject() });
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  },
  300_000,
);
