import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleFile } from '../prediction/photos.ts';
import { evopatch, inProcess } from './program.ts';

const DATA = 'synthetic:210';

let folder: string;
let run: string;
let other: string;
let model: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-map-'));
  [run, other] = [join(folder, 'first'), join(folder, 'second')];
  model = join(run, 'models', 'best.safetensors');
  const tiny = [
    '--population',
    '4',
    '--generations',
    '2',
    '--prefer',
    'accurate',
    '--finalists',
    '1',
    '--no-baseline',
    '--controls',
    'none',
  ];
  const short = ['--fitness-epochs', '1', '--final-epochs', '1', '--workers', '1'];
  // Seeds with which some genomes of these short trainings are better than guessing.
  const runs = [
    { out: run, seed: 'first' },
    { out: other, seed: 'second' },
  ];
  for (const { out, seed } of runs) {
    const into = ['--data', DATA, '--seed', seed, '--out', out];
    const { code, stderr } = await evopatch('evolve', ...into, ...tiny, ...short);
    expect({ code, stderr }).toMatchObject({ code: 0 });
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const map = (...args: string[]) => inProcess('map', ...args);
const json = (text: string) => JSON.parse(text);
const readJson = async (...path: string[]) => json(await readFile(join(...path), 'utf8'));

describe('of one run', () => {
  test('draws the best genome as the run did', async () => {
    const out = join(folder, 'best.png');
    const { code, stdout } = await map('--run', run, '--out', out, '--json');
    expect(code).toBe(0);
    expect(await readFile(out)).toEqual(await readFile(join(run, 'maps', 'best.png')));
    const { file, ...numbers } = json(stdout);
    expect(file).toBe(out);
    expect(numbers).toEqual(await readJson(run, 'maps', 'best.json'));
  });

  test('draws the population as the run did, and otherwise by error or by count', async () => {
    const out = join(folder, 'population.png');
    const { code, stdout } = await map('--run', run, '--of', 'population', '--out', out);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `file: ${out}\n` });
    expect(await readFile(out)).toEqual(await readFile(join(run, 'maps', 'population.png')));
    const { population } = await readJson(run, 'result.json');
    const weightsBy = async (weights: string) => {
      const written = join(folder, `${weights}.json`);
      const given = ['--of', 'population', '--weights', weights, '--out', written];
      expect((await map('--run', run, ...given)).code).toBe(0);
      const { genomes, weighting } = await readJson(written);
      expect(weighting).toBe(weights);
      return genomes.map(({ weight }: { weight: number }) => weight);
    };
    expect(await weightsBy('count')).toEqual(population.map(() => 1));
    expect(await weightsBy('rank')).toEqual(population.map(({ rank }: { rank: number }) => 1 / (1 + rank)));
    const byError = population.map(({ accuracy }: { accuracy: number }) =>
      Math.max(0, 1 - (1 - accuracy) / (6 / 7)),
    );
    for (const [index, weight] of (await weightsBy('error')).entries()) {
      expect(weight).toBeCloseTo(byError[index], 12);
    }
  });

  test('draws the front, as vectors, in other colours, as outlines', async () => {
    const out = join(folder, 'front.svg');
    const look = ['--style', 'outlines', '--colors', 'magma'];
    expect((await map('--run', run, '--of', 'front', ...look, '--out', out)).code).toBe(0);
    const { front } = await readJson(run, 'result.json');
    expect(await readFile(out, 'utf8')).toContain(`>Front of ${front.length}</text>`);
    expect((await sharp(out).metadata()).format).toBe('svg');
  });

  test('writes the grid as csv', async () => {
    const out = join(folder, 'grid.csv');
    expect((await map('--run', run, '--out', out)).code).toBe(0);
    const rows = (await readFile(out, 'utf8')).trimEnd().split('\n');
    const { grid } = await readJson(run, 'maps', 'best.json');
    expect(rows.map((row) => row.split(',').map(Number))).toEqual(grid.rows);
  });

  test('writes an overlay at any scale', async () => {
    const out = join(folder, 'overlay.png');
    expect((await map('--model', model, '--overlay', '--scale', '20', '--out', out)).code).toBe(0);
    const { width, height, hasAlpha } = await sharp(out).metadata();
    expect({ width, height, hasAlpha }).toEqual({ width: 960, height: 960, hasAlpha: true });
    expect((await sharp(out).stats()).channels[3].min).toBe(0);
  });

  test('animates its generations', async () => {
    const out = join(folder, 'convergence.gif');
    const { code, stdout } = await map(
      '--run',
      run,
      '--of',
      'generations',
      '--scale',
      '4',
      '--out',
      out,
      '--json',
    );
    expect(code).toBe(0);
    expect((await sharp(out, { animated: true }).metadata()).pages).toBe(2);
    const { generations } = json(stdout);
    expect(generations.map(({ generation }: { generation: number }) => generation)).toEqual([0, 1]);
    expect(generations[1].withLast.overlap).toBe(1);
    const said = await map('--run', run, '--of', 'generations', '--out', join(folder, 'convergence.apng'));
    expect(said.stdout).toMatch(/^file: .*\ngenerations: 2\nconvergence: /);
  });

  test('needs the files of the run', async () => {
    const bare = join(folder, 'bare');
    await mkdir(bare);
    for (const name of ['run.json', 'result.json']) await copyFile(join(run, name), join(bare, name));
    const { code, stderr } = await map('--run', bare, '--out', join(folder, 'x.png'));
    expect(code).toBe(1);
    expect(stderr).toContain('best.json: cannot read the mean face of the run');
  });
});

describe('of a run that has not ended', () => {
  let begun: string;
  beforeAll(async () => {
    begun = join(folder, 'begun');
    await cp(run, begun, { recursive: true });
    for (const name of ['result.json', 'maps', 'models']) await rm(join(begun, name), { recursive: true });
  });

  test.each(['best', 'front', 'population'])('draws its %s as the checkpoint has it', async (of) => {
    const out = join(folder, `begun-${of}.json`);
    const { code, stdout } = await map('--run', begun, '--of', of, '--out', out);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `file: ${out}\nnote: begun has not ended: this is its state after 2 generations.\n`,
    });
    const { front, population } = await readJson(run, 'result.json');
    const wanted = { best: front.slice(0, 1), front, population }[of];
    const { genomes } = await readJson(out);
    expect(genomes.map(({ patches }: { patches: unknown[] }) => patches.length)).toEqual(
      wanted.map(({ genome }: { genome: { patches: unknown[] } }) => genome.patches.length),
    );
  });

  test('draws how its front converges', async () => {
    const out = join(folder, 'begun.apng');
    expect(await map('--run', begun, '--of', 'generations', '--out', out)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('generations: 2'),
    });
  });

  test('says what to do where no generation has ended', async () => {
    const started = join(folder, 'started');
    await mkdir(started);
    await copyFile(join(run, 'run.json'), join(started, 'run.json'));
    const { code, stderr } = await map('--run', started, '--out', join(folder, 'x.png'));
    expect(code).toBe(1);
    expect(stderr).toContain(`evopatch resume ${started}`);
  });
});

test('of several runs says how consistent they are', async () => {
  const [out, same] = [join(folder, 'both.png'), join(folder, 'same.svg')];
  const { code, stdout } = await map('--run', run, '--run', other, '--out', out, '--json');
  expect(code).toBe(0);
  const { genomes, consistency } = json(stdout);
  expect(genomes).toHaveLength(2);
  expect(consistency.pairs).toHaveLength(1);
  expect(consistency.random.draws).toBe(400);
  const twice = await map('--run', run, '--run', run, '--of', 'front', '--out', same);
  expect(twice.stdout).toMatch(/^consistency: 1\.00 \(1: identical pixels, 0: like random layouts\)$/m);
  expect(twice.stdout).toMatch(/^ {2}overlap 100\.0 %; random layouts \d/m);
  expect(await readFile(same, 'utf8')).toContain('Agreement of the 2 runs');
});

test('of a model is drawn alone, or over the faces that it is given', async () => {
  const [alone, over] = [join(folder, 'alone.png'), join(folder, 'over.png')];
  expect((await map('--model', model, '--out', alone, '--scale', '5')).code).toBe(0);
  expect((await map('--model', model, '--data', DATA, '--out', over, '--scale', '5')).code).toBe(0);
  expect(await sharp(alone).metadata()).toMatchObject({ width: 405, height: 260 });
  expect(await readFile(alone)).not.toEqual(await readFile(over));
});

describe('on a photo', () => {
  test('draws on each of its faces, and says where', async () => {
    const photo = join(folder, 'group.png');
    await sharp(sampleFile(3)).resize(640).toFile(photo);
    const out = join(folder, 'on.png');
    const { code, stdout } = await map('--run', run, '--on', photo, '--out', out, '--overlay', '--json');
    expect(code).toBe(0);
    expect(await sharp(out).metadata()).toMatchObject({ width: 640, height: 450, hasAlpha: true });
    const { photo: found } = json(stdout);
    expect(found).toMatchObject({ file: photo, width: 640, height: 450 });
    expect(found.faces).toHaveLength(3);
    for (const { box, patches } of found.faces) {
      const [[x, y]] = patches[0].corners;
      expect(Math.abs(x - box.x - box.width / 2)).toBeLessThan(box.width);
      expect(Math.abs(y - box.y - box.height / 2)).toBeLessThan(box.height);
    }
    const drawn = await map(
      '--run',
      run,
      '--of',
      'population',
      '--on',
      photo,
      '--out',
      join(folder, 'on.svg'),
    );
    expect(drawn.stdout).toContain('faces: 3');
  });

  test('without a face says what to do', async () => {
    const photo = join(folder, 'empty.png');
    await sharp({ create: { width: 300, height: 200, channels: 3, background: '#7788aa' } }).toFile(photo);
    const { code, stderr } = await map('--model', model, '--on', photo, '--out', join(folder, 'never.png'));
    expect(code).toBe(1);
    expect(stderr).toContain('no face is found on the photo');
    expect(stderr).toContain('--faces ssd');
  });
});

test.each([
  [
    'generations of a model',
    ['--model', 'x', '--of', 'generations', '--out', 'y.gif'],
    'only a run has generations',
  ],
  [
    'generations of two runs',
    ['--run', 'x', '--run', 'z', '--of', 'generations', '--out', 'y.gif'],
    'Give one --run',
  ],
  ['weights of one genome', ['--run', 'x', '--weights', 'rank', '--out', 'y.png'], 'cannot be weighted'],
  [
    'ranks of a front',
    ['--run', 'x', '--of', 'front', '--weights', 'rank', '--out', 'y.png'],
    'Give --weights error',
  ],
  ['an unknown ending', ['--run', 'x', '--out', 'y.bmp'], '.png, .svg, .csv, .json'],
  [
    'generations side by side on a photo',
    ['--run', 'x', '--of', 'generations', '--on', 'p.jpg', '--out', 'y.png'],
    'a name that ends in .apng',
  ],
  [
    'colours for numbers',
    ['--run', 'x', '--colors', 'magma', '--out', 'y.csv'],
    "'--colors': .csv holds numbers",
  ],
  ['a photo for numbers', ['--run', 'x', '--on', 'p.jpg', '--out', 'y.json'], "'--on': .json holds numbers"],
  [
    'a scale on a photo',
    ['--run', 'x', '--on', 'p.jpg', '--scale', '8', '--out', 'y.png'],
    'Leave out --scale',
  ],
  [
    'faces below a photo',
    ['--run', 'x', '--on', 'p', '--data', 'd', '--out', 'y.png'],
    'Leave out --data, or --on',
  ],
  ['faces below an overlay', ['--run', 'x', '--overlay', '--data', 'd', '--out', 'y.png'], 'or --overlay'],
  ['both sources', ['--run', 'x', '--model', 'm', '--out', 'y.png'], 'exactly one of --model, --run'],
  [
    'an overlay as GIF',
    ['--run', 'x', '--of', 'generations', '--overlay', '--out', 'y.gif'],
    'a name that ends in .apng',
  ],
])('refuses %s, and says what to do', async (_what, args, message) => {
  const { code, stdout, stderr } = await map(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(await readdir('.')).not.toContain(args.at(-1));
});
