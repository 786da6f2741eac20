import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installPacked, type PackedProject } from './packed.ts';

let project: PackedProject;
let addon: string;
beforeAll(() => {
  project = installPacked(mkdtempSync(join(tmpdir(), 'evopatch-test-')));
  addon = join(project.folder, 'node_modules/evopatch/dist/kernels/native.node');
});
afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

/** Opens the engine twice. */
const OPEN = `
  const { openEngine } = await import('evopatch');
  await openEngine();
  console.log((await openEngine()).name);`;
const open = () => project.node(['--input-type=module', '-e', OPEN]);
const warnings = (stderr: string) => stderr.match(/EVOPATCH_NATIVE/g)?.length ?? 0;

it('is silent where nothing was built, and says why nothing can be', async () => {
  expect(await open()).toEqual({ code: 0, stdout: 'wasm\n', stderr: '' });
  const { code, stdout } = await project.evopatch(['build', '--json'], { EVOPATCH_CC: 'none' });
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 1, error: { code: 'ENGINE_UNAVAILABLE' } });
});

it('builds kernels that run, and warns once when they are damaged or lost', async () => {
  const { code, stdout } = await project.evopatch(['build', '--json']);
  if (code !== 0) {
    expect(JSON.parse(stdout).error.code).toBe('ENGINE_UNAVAILABLE'); // no compiler here
    return;
  }
  expect(JSON.parse(stdout)).toMatchObject({ file: addon });
  expect(await open()).toEqual({ code: 0, stdout: 'native\n', stderr: '' });
  writeFileSync(addon, 'damaged');
  const damaged = await open();
  expect({ out: damaged.stdout, warnings: warnings(damaged.stderr) }).toEqual({ out: 'wasm\n', warnings: 1 });
  rmSync(addon);
  const lost = await open();
  expect({ out: lost.stdout, warnings: warnings(lost.stderr) }).toEqual({ out: 'wasm\n', warnings: 1 });
}, 300_000);
