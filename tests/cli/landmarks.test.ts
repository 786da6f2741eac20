import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, start } from './program.ts';

const DEMO = 'node_modules/face-api.js/demo';

let folder: string;
let photos: string;
let environment: NodeJS.ProcessEnv;
const evopatch = (...args: string[]): Promise<Ended> => start(args, environment).ended;
const json = (text: string) => JSON.parse(text);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  environment = { EVOPATCH_CACHE: join(folder, 'cache') };
  photos = join(folder, 'photos');
  for (const [i, label] of ['calm', 'glad'].entries()) {
    await mkdir(join(photos, label), { recursive: true });
    for (const number of [1, 2]) {
      await sharp(`${DEMO}/sample${2 * i + number}.jpg`)
        .resize({ width: 480 })
        .toFile(join(photos, label, `${number}.jpg`));
    }
    await writeFile(join(photos, label, '3.jpg'), 'text');
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe('landmarks', () => {
  test('writes the faces of a folder, says what it found and what it left out', async () => {
    const out = join(folder, 'points.csv');
    const args = ['landmarks', '--data', photos, '--out', out, '--on-bad-image', 'skip', '--workers', '1'];
    const { code, stdout, stderr } = await evopatch(...args);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /^4 pictures, \d+ faces\n0 pictures without a face, .+\n2 images left out\n/,
      ),
    });
    expect(stdout).toContain(`points: ${out}\n`);
    for (const label of ['calm', 'glad'])
      expect(stderr).toContain(`left out: ${join(photos, label, '3.jpg')}`);
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
    expect(lines[0].startsWith('file,face,score,x0,y0,')).toBe(true);
    const again = await evopatch(...args, '--json');
    expect(json(again.stdout)).toMatchObject({
      points: out,
      pictures: 4,
      faces: lines.length - 1,
      skipped: 2,
    });
    expect(await readdir(join(folder, 'cache'))).toEqual(['landmarks']);
  });

  test('takes a flat folder, a photo and a manifest of one class', async () => {
    const flat = join(folder, 'flat');
    await mkdir(join(flat, 'below', 'deep'), { recursive: true });
    const sample = join(photos, 'calm', '1.jpg');
    for (const name of ['b.jpg', 'below/deep/a.jpg']) await copyFile(sample, join(flat, name));
    await writeFile(join(flat, 'list.csv'), 'path,label\nb.jpg,only\n');
    const names = async (data: string) => {
      const out = join(folder, 'flat.csv');
      const { code, stderr } = await evopatch('landmarks', '--data', data, '--out', out, '--workers', '0');
      expect({ code, stderr }).toMatchObject({ code: 0 });
      const lines = (await readFile(out, 'utf8')).trimEnd().split('\n').slice(1);
      return [...new Set(lines.map((line) => line.split(',')[0]))];
    };
    expect(await names(flat)).toEqual(['b.jpg', 'below/deep/a.jpg']);
    expect(await names(join(flat, 'b.jpg'))).toEqual(['b.jpg']);
    expect(await names(join(flat, 'list.csv'))).toEqual(['b.jpg']);
    await mkdir(join(folder, 'void'));
    const none = await evopatch('landmarks', '--data', join(folder, 'void'), '--out', join(folder, 'v.csv'));
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('no pictures in the folder') });
  });

  test('stops at a damaged image, and for data that bring their points, and writes nothing', async () => {
    const out = join(folder, 'never.csv');
    const damaged = await evopatch('landmarks', '--data', photos, '--out', out, '--cache', 'none', '--json');
    expect(damaged.code).toBe(1);
    expect(json(damaged.stdout).error).toMatchObject({ code: 'INVALID_IMAGE' });
    const drawn = await evopatch('landmarks', '--data', 'synthetic:70', '--out', out);
    expect(drawn).toMatchObject({ code: 2, stderr: expect.stringContaining('not for synthetic faces') });
    expect(await readdir(folder)).not.toContain('never.csv');
  });

  test('interrupted it ends with 130 and leaves no file', async () => {
    const many = join(folder, 'many.csv');
    const rows = Array.from({ length: 3000 }, (_, i) => `${i % 7},${`${i % 256} `.repeat(2304)},Training`);
    await writeFile(many, ['emotion,pixels,Usage', ...rows].join('\n'));
    const out = join(folder, 'out');
    await mkdir(out);
    const args = ['landmarks', '--data', many, '--out', join(out, 'points.csv'), '--workers', '1'];
    const { child, ended } = start(args, environment);
    while ((await readdir(out)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(await readdir(out)).toEqual([]);
  });
});

describe('the alignment of a model', () => {
  const TINY = [
    ...['--population', '4', '--generations', '1', '--fitness-epochs', '1', '--final-epochs', '1'],
    ...['--finalists', '1', '--prefer', 'accurate', '--no-baseline', '--controls', 'none', '--workers', '0'],
  ];

  test('is recorded by evolve and used by evaluate', async () => {
    const run = join(folder, 'run');
    const data = ['--data', 'synthetic:210'];
    const evolved = await evopatch(
      'evolve',
      ...data,
      ...TINY,
      '--align',
      'nose',
      '--jitter',
      '3',
      '--out',
      run,
    );
    expect(evolved.code).toBe(0);
    expect(json(await readFile(join(run, 'run.json'), 'utf8'))).toMatchObject({
      dataset: { align: 'nose', unaligned: 0, skipped: 0 },
      options: { final: { shift: 3 }, fitness: { shift: 0 } },
    });
    expect(json(await readFile(join(run, 'result.json'), 'utf8')).dataset.align).toBe('nose');
    const model = ['--model', join(run, 'models', 'best.safetensors')];
    const evaluate = async (...more: string[]) =>
      json((await evopatch('evaluate', ...model, ...data, '--json', ...more)).stdout).dataset;
    const own = await evaluate();
    expect(own.align).toBe('nose');
    const other = await evaluate('--align', 'similarity');
    expect(other.align).toBe('similarity');
    expect(other.hash).not.toBe(own.hash);
  });

  test('goes with landmarks that are searched for, and images that are left out', async () => {
    const run = join(folder, 'photo run');
    const rows = Array.from({ length: 150 }, (_, i) => {
      const pixels = Array.from({ length: i === 9 ? 5 : 2304 }, (_, pixel) => (i * pixel) % 256);
      return `${i % 7},${pixels.join(' ')},${i % 5 ? 'Training' : 'PublicTest'}`;
    });
    const data = join(folder, 'faces.csv');
    await writeFile(data, ['emotion,pixels,Usage', ...rows].join('\n'));
    const args = ['evolve', '--data', data, ...TINY, '--on-bad-image', 'skip', '--out', run];
    const { code, stderr } = await evopatch(...args);
    expect(code).toBe(0);
    expect(stderr).toContain(`left out: ${data}, row 11, 'pixels'`);
    expect(stderr).toMatch(/149 faces, 7 classes \(.+\); (\d+ not aligned; )?1 left out\n/);
    expect(json(await readFile(join(run, 'run.json'), 'utf8')).dataset).toMatchObject({
      align: 'similarity',
      count: 149,
      skipped: 1,
    });
    expect(await readdir(join(folder, 'cache', 'frames'))).toHaveLength(1);
  });
});

test.each([
  ['--align', 'both', 'must be one of none, nose, similarity'],
  ['--faces', 'some', 'must be one of auto, crop, tiny, ssd, all'],
  ['--on-bad-image', 'cry', 'must be one of stop, skip'],
  ['--jitter', '9', 'must be a whole number from 0 to 8'],
])('%s %s is refused', async (option, value, message) => {
  const { code, stderr } = await evopatch('evolve', '--data', 'synthetic:70', '--out', 'x', option, value);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
