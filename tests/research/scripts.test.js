import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const SMALL = ['--seeds', 'a', '--population', '4', '--epochs', '1', '--workers', '1'];

let folder;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
});
afterAll(() => rm(folder, { recursive: true }));

function bench(name, ...args) {
  const script = fileURLToPath(new URL(`../../research/search/${name}`, import.meta.url));
  return promisify(execFile)(process.execPath, [script, ...SMALL, ...args]);
}

describe('compare.js', () => {
  const methods = ['--data', 'synthetic:350', '--generations', '2', '--methods', 'plain,full,random'];

  test('compares, keeps what is finished, and goes on from there', async () => {
    const [out, plot] = [join(folder, 'searches.json'), join(folder, 'plot.png')];
    const { stdout } = await bench('compare.js', ...methods, '--out', out, '--plot', plot, '--json');
    const { summaries, searches } = JSON.parse(stdout);
    expect(summaries.map(({ method }) => method)).toEqual(['plain', 'full', 'random']);
    expect(summaries[0]).toMatchObject({ method: 'plain', seeds: ['a'] });
    expect(JSON.parse(await readFile(out, 'utf8')).searches).toEqual(searches);
    expect(await sharp(plot).metadata()).toMatchObject({ width: 1920, height: 1120 });

    const kept = JSON.parse(await readFile(out, 'utf8'));
    await writeFile(out, JSON.stringify({ ...kept, searches: kept.searches.slice(0, 2) }));
    const again = await bench('compare.js', ...methods, '--out', out);
    expect(again.stderr.trim().split('\n')).toEqual([expect.stringMatching(/^random a: hypervolume /)]);
    expect(again.stdout).toMatch(/^plain GA \(NSGA-II\) /m);

    const other = bench('compare.js', ...methods, '--out', out, '--repeats', '1');
    await expect(other).rejects.toThrow('holds searches with other settings');
  });

  test('refuses methods that it does not know', async () => {
    await expect(bench('compare.js', '--methods', 'plain,magic')).rejects.toThrow('no such method: magic');
    await expect(bench('compare.js', '--methods', 'full')).rejects.toThrow("'plain' is what the others");
  });
});

test('where-classes-differ.js compares evolved patches with blind ones', async () => {
  const { stdout } = await bench('where-classes-differ.js', '--faces', '350', '--generations', '1', '--json');
  const { summary, seeds } = JSON.parse(stdout);
  expect(summary.map(({ group }) => group)).toEqual(['evolved', 'blind', 'random-search']);
  for (const { concentration, coverage } of summary) {
    expect(concentration.mean).toBeGreaterThan(0.2);
    expect(coverage.mean).toBeGreaterThan(0);
    expect(coverage.mean).toBeLessThanOrEqual(1);
  }
  const [evolved, blind] = summary;
  expect(Math.abs(evolved.coverage.mean / blind.coverage.mean - 1)).toBeLessThan(0.06);
  expect(seeds[0].above).toBeGreaterThanOrEqual(0);
});

test('study-zoo.js trains, goes on, and shows what there is', async () => {
  const out = join(folder, 'study');
  const study = async (...args) => {
    const script = fileURLToPath(new URL('../../research/networks/study.js', import.meta.url));
    const words = [script, '--out', out, '--json', ...args];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, words);
    return { report: JSON.parse(stdout), stderr };
  };
  const cache = process.env.EVOPATCH_CACHE;
  process.env.EVOPATCH_CACHE = join(folder, 'cache');
  try {
    const few = ['--rows', 'tinyXception', '--no-speed'];
    const first = await study('--data', 'synthetic:140', '--epochs', '2', '--seeds', 'a', ...few);
    const rowOf = ({ report }) => report.rows.find(({ name }) => name === 'tinyXception');
    const row = rowOf(first);
    expect(row).toMatchObject({ parameters: 17_574, epochs: 2, facesPerSecond: null });
    expect(row.measured.accuracies).toHaveLength(1);
    expect(row.trainingSeconds).not.toBeNull();
    expect(first.report.rows[0]).toMatchObject({ name: 'baseline', measured: null });
    const kept = JSON.parse(await readFile(join(out, 'tinyXception', 'a', 'trained.json'), 'utf8'));
    expect(kept.report.best.validationAccuracy).toBe(row.measured.mean);

    const again = await study(...few);
    expect(again.stderr).toBe('');
    expect(again.report).toEqual(first.report);
    const plot = join(folder, 'study.svg');
    expect((await study('--table', '--plot', plot)).report).toEqual(first.report);
    expect(await sharp(plot).metadata()).toMatchObject({ width: 960, height: 560 });
    expect(await readFile(join(out, 'table.md'), 'utf8')).toMatch(/^\| tiny-Xception .* \| 17,574 \| /m);
    expect(await readFile(join(out, 'commands.txt'), 'utf8')).toContain(
      'evopatch train --network tinyXception --seed a --epochs 2 --data synthetic:140 --out study/tinyXception/a\n',
    );
    await expect(study('--epochs', '3', ...few)).rejects.toThrow('holds a study with --epochs 2');
    await expect(study('--rows', 'giantXception')).rejects.toThrow('there is no such row');
  } finally {
    if (cache === undefined) delete process.env.EVOPATCH_CACHE;
    else process.env.EVOPATCH_CACHE = cache;
  }
});

test('tasks/study.js searches, goes on, and tabulates', async () => {
  const out = join(folder, 'task');
  const script = fileURLToPath(new URL('../../research/tasks/study.js', import.meta.url));
  const run = (words) => promisify(execFile)(process.execPath, [script, ...words.split(' ')]);
  const few =
    '--population 4 --generations 1 --finalists 1 --prefer accurate --final-epochs 1 --fitness-epochs 1 --controls none';
  const task = `--task smiles --data synthetic:140 --seeds a --out ${out} -- ${few}`;

  expect((await run(task)).stdout).toMatch(/^## smiling or not/);
  const file = join(out, 'smiles.json');
  const report = JSON.parse(await readFile(file, 'utf8'));
  const [{ best, baseline }] = report.runs;
  const result = JSON.parse(await readFile(join(out, 'a', 'result.json'), 'utf8'));
  expect(best.parameters).toBe(result.best.parameters);
  expect(best.pixels).toBe(result.best.coveredPixels / 48 ** 2);
  expect(baseline.accuracy).toBe(result.baseline.validationAccuracy);
  expect(report.means.accuracy).toEqual({ mean: best.accuracy, deviation: null });

  const again = await run(task);
  expect(again.stderr).toBe('');
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(report);
  expect((await run(`--summary ${file}`)).stdout).toMatch(/\n\nOver 1 task and 1 run, /);
  expect((await run(`--summary --page ${file}`)).stdout).toMatch(/^\| task .*\n## smiling or not/s);
  await expect(run('--task smile')).rejects.toThrow('--task is one of');
}, 120_000);

test('tasks/photos.js counts photos of a points csv', async () => {
  const file = join(folder, 'points.csv');
  const names = Array.from({ length: 136 }, (_, i) => `${i % 2 === 0 ? 'x' : 'y'}${Math.floor(i / 2)}`);
  const points = names.map((_, i) => i);
  await writeFile(file, `file,face,score,${names}\na/1.jpg,0,0.8,${points}\na/2.jpg,0,0,${points}\n`);
  const script = fileURLToPath(new URL('../../research/tasks/photos.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, file]);
  expect(JSON.parse(stdout)).toMatchObject({ photos: 2, found: 1, notFound: 1, crops: 0, several: 0 });
});
