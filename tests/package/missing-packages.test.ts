import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPacked, link, type PackedProject } from './packed.ts';

let project: PackedProject;
const small =
  '--population 4 --generations 1 --finalists 1 --prefer accurate --no-baseline --controls none --final-epochs 1 --no-halving --fitness-epochs 1';
const evolve = ['evolve', '--data', 'synthetic:200', '--out', 'run', ...small.split(' ')];
const model = ['--model', 'run/models/best.safetensors'];

beforeAll(async () => {
  project = installPacked(mkdtempSync(join(tmpdir(), 'evopatch-test-')));
  const grey = { width: 120, height: 120, channels: 3, background: '#888' } as const;
  await sharp({ create: grey }).png().toFile(join(project.folder, 'photo.png'));
});
afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

/** Imports every module of the package but the programs, what threads run and what pages run. */
const EVERY_MODULE = `
  import { readdirSync } from 'node:fs';
  const folder = 'node_modules/evopatch/dist/';
  const programs = /main|-?worker|-thread\\.js|script|^examples/;
  for (const file of readdirSync(folder, { recursive: true })) {
    if (file.endsWith('.js') && !programs.test(file)) await import(process.cwd() + '/' + folder + file);
  }`;

const WASM_ENGINE = `
  const { openEngine } = await import('evopatch');
  await openEngine('wasm');`;

/** Runs a program of the project and lists the packages, and shared objects, that it loads in any of its threads. */
async function packagesLoadedBy(args: readonly string[]): Promise<string[]> {
  const LOADED = join(project.folder, 'loaded.txt');
  writeFileSync(LOADED, '');
  const listing = join(import.meta.dirname, 'list-modules.js');
  const { code, stderr } = await project.node(['--import', listing, ...args], { LOADED });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const names = readFileSync(LOADED, 'utf8')
    .split('\n')
    .filter((file) => file.endsWith('.node') || file.includes('/node_modules/'))
    .map((file) => file.match(/.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? file);
  return [...new Set(names)].sort();
}

describe('only small packages are loaded', () => {
  it.each([
    ['by an import', ['--input-type=module', '-e', "await import('evopatch')"]],
    ['by any module', ['--input-type=module', '-e', EVERY_MODULE]],
    ['by the WebAssembly engine', ['--input-type=module', '-e', WASM_ENGINE]],
    ['by --help', ['node_modules/.bin/evopatch', '--help']],
  ])('%s', async (_, args) => {
    expect(await packagesLoadedBy(args)).toEqual(['csv-parse', 'evopatch', 'seedrandom', 'zod']);
  });

  it('by a require, where Node has it', async () => {
    const { stdout } = await project.node(['-p', "typeof require('evopatch').loadModel"]);
    expect(stdout.trim()).toBe('function');
  });
});

/** Each is hidden in turn, in the order of this table: the first rows make the files that later ones read. */
const HIDDEN = [
  {
    name: 'canvas',
    works: [evolve, ['predict', 'photo.png', ...model]],
    fails: [
      ['map', '--run', 'run', '--out', 'map.png'],
      ['report', 'run', '--out', 'report.html'],
    ],
  },
  {
    name: 'sharp',
    works: [
      ['map', '--run', 'run', '--out', 'map.png'],
      ['report', 'run', '--out', 'report.html'],
    ],
    fails: [['predict', 'photo.png', ...model]],
  },
  {
    name: '@tensorflow/tfjs-core',
    works: [['evaluate', '--data', 'synthetic:200', ...model]],
    fails: [['predict', 'photo.png', ...model]],
  },
  { name: '@tensorflow/tfjs-backend-wasm', works: [], fails: [['predict', 'photo.png', ...model]] },
  { name: 'face-api.js', works: [], fails: [['predict', 'photo.png', ...model]] },
  {
    name: 'piscina',
    works: [],
    fails: [[...evolve.with(4, 'pool'), '--workers', '1']],
  },
] as const;

describe.each(HIDDEN)('without $name', ({ name, works, fails }) => {
  let putBack: () => void;
  beforeAll(() => {
    putBack = project.hide(name);
  });
  afterAll(() => putBack());

  it.each([['--help'], ...works].map((args) => [args.join(' '), args] as const))(
    'works: %s',
    async (_, args) => {
      const { code, stderr } = await project.evopatch(args);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      if (args === evolve) {
        expect(stderr).toContain("warning: maps/best.png is left out: the package 'canvas' cannot start on");
        expect(readdirSync(join(project.folder, 'run/maps')).sort()).toEqual([
          'best.json',
          'population.json',
        ]);
      }
    },
  );

  it.each(fails.map((args) => [args.join(' '), args] as const))('says so: %s', async (_, args) => {
    const { code, stdout, stderr } = await project.evopatch([...args, '--json']);
    expect({ code, error: JSON.parse(stdout || stderr).error }).toMatchObject({
      code: 1,
      error: { code: 'MISSING_PACKAGE', package: name, hint: expect.stringContaining('npm install') },
    });
  });
});

describe('without the optional packages of a queue', () => {
  it.each([
    ['bullmq', 'redis://127.0.0.1:1', 'npm install bullmq ioredis'],
    ['ioredis', 'redis://127.0.0.1:1', 'npm install bullmq ioredis'],
    ['pg', 'postgres://127.0.0.1:1/name', 'npm install bullmq pg'],
  ])('%s: says so', async (name, url, hint) => {
    if (name !== 'bullmq') link(join(project.folder, 'node_modules'), 'bullmq');
    for (const args of [
      ['evolve', '--data', 'synthetic:200', '--out', 'queued'],
      ['worker', '--data-root', 'exchange'],
    ]) {
      const { code, stdout } = await project.evopatch([...args, '--queue', url, '--json']);
      expect({ code, ...JSON.parse(stdout) }).toMatchObject({
        code: 1,
        error: { code: 'MISSING_PACKAGE', package: name, hint: expect.stringContaining(hint) },
      });
    }
    rmSync(join(project.folder, 'node_modules/bullmq'), { force: true });
  });
});
