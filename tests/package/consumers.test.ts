import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untrainedModel } from '../../src/bench/untrained-model.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { installPacked, type PackedProject } from './packed.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BODY = `
const main = async (): Promise<void> => {
  const model: ExpressionModel = await loadModel('model.safetensors', { engine: 'wasm' });
  const frame = new Uint8Array(model.frame.size ** 2);
  console.log(typeof checkEvaluator, model.predictFrames(frame).length);
};
main();
`;
/** Programs by the kinds of project: what differs is how they name what they take. */
const PROGRAMS = {
  'esm.mts': `import { type ExpressionModel, loadModel } from 'evopatch';
import { checkEvaluator } from 'evopatch/testing';
${BODY}`,
  'common.cts': `import type { ExpressionModel } from 'evopatch';
import evopatch = require('evopatch');
import testing = require('evopatch/testing');
const { loadModel } = evopatch;
const { checkEvaluator } = testing;
${BODY}`,
};

const PAGE = `import { drawFace, faceAt, loadModel, openEngine } from 'evopatch/browser';
const engine = await openEngine('auto', { kernels: { relaxed: '/relaxed.wasm', simd: '/simd.wasm' } });
const model = await loadModel(new Uint8Array(1), { engine });
const [face] = await model.predictFaces(document.querySelector('video')!, { located: [faceAt([1, 2], 3)] });
drawFace(document.querySelector('canvas')!.getContext('2d')!, face);
// @ts-expect-error a path is not a model
await loadModel('model.safetensors');
`;

describe.each(['flat', 'isolated'] as const)('a project with %s packages', (layout) => {
  let project: PackedProject;
  beforeAll(async () => {
    project = installPacked(mkdtempSync(join(tmpdir(), 'evopatch-test-')), layout);
    await saveModel(join(project.folder, 'model.safetensors'), untrainedModel(await openEngine('wasm')));
    const types = join(project.folder, 'node_modules/@types');
    mkdirSync(types, { recursive: true });
    symlinkSync(join(ROOT, 'node_modules/@types/node'), join(types, 'node'));
  });
  afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

  it.each(Object.entries(PROGRAMS))('compiles and runs %s', async (name, program) => {
    writeFileSync(join(project.folder, name), program);
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const options = '--strict --skipLibCheck false --target es2022 --module nodenext --types node'.split(' ');
    execFileSync(process.execPath, [compiler, ...options, name], { cwd: project.folder });
    const { stdout, stderr } = await project.node([name.replace('ts', 'js')]);
    expect({ stdout, stderr: stderr.replaceAll(/\(node:.*|\(Use .*|\s/g, '') }).toEqual({
      stdout: 'function 7\n',
      stderr: '',
    });
  });

  it('has types for pages, which know nothing of Node', () => {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: 'es2022',
      lib: ['es2024', 'dom', 'dom.iterable'],
      module: 'nodenext',
      types: [],
    };
    writeFileSync(join(project.folder, 'page.mts'), PAGE);
    const config = JSON.stringify({ compilerOptions, files: ['page.mts'] });
    writeFileSync(join(project.folder, 'tsconfig.json'), config);
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const options = { cwd: project.folder, encoding: 'utf8' } as const;
    expect(execFileSync(process.execPath, [compiler, '-p', '.'], options)).toBe('');
    rmSync(join(project.folder, 'tsconfig.json'));
  });

  it('runs no script at install and brings no binary: WebAssembly works without a compiler', async () => {
    const own = join(project.folder, 'node_modules/evopatch');
    const { scripts } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
    for (const name of ['preinstall', 'install', 'postinstall']) expect(scripts).not.toHaveProperty(name);
    const args = ['bench', 'infer', '--engine', 'auto', '--json'];
    const { stdout, stderr } = await project.evopatch(args, { PATH: '' });
    expect(JSON.parse(stdout)).toMatchObject({ engine: 'wasm' });
    expect(stderr).toBe('');
  });
});
