import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPacked, type PackedProject } from './packed.ts';

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

/** What a process that imports evopatch has loaded of code that it may not need. */
const LISTING = `
  import { createRequire } from 'node:module';
  process.on('exit', () => {
    const { header, sharedObjects } = process.report.getReport();
    const loaded = [...sharedObjects, ...Object.keys(createRequire('/x').cache)];
    console.error(JSON.stringify(loaded.filter((file) => /canvas|sharp|tensorflow|face-api|piscina|native\\.node/.test(file))));
  });`;

/** Imports every module of the package but the programs, what threads run and what pages run. */
const EVERY_MODULE = `
  import { readdirSync } from 'node:fs';
  const folder = 'node_modules/evopatch/dist/';
  const programs = /main|-?worker|-thread\\.js|script|^examples/;
  for (const file of readdirSync(folder, { recursive: true })) {
    if (file.endsWith('.js') && !programs.test(file)) await import(process.cwd() + '/' + folder + file);
  }`;

describe('nothing heavy is loaded', () => {
  it.each([
    ['by an import', ['--input-type=module', '-e', `${LISTING} await import('evopatch'); ${EVERY_MODULE}`]],
    [
      'by --help',
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(LISTING)}`,
        'node_modules/.bin/evopatch',
        '--help',
      ],
    ],
  ])('%s', async (_, args) => {
    const { code, stderr } = await project.node(args);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^(\[\]\n)+$/); // a line for each thread
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
    name: '@tensorflow/tfjs',
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
