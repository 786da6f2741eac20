import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveModel } from '../../src/nn/model-file.ts';
import { someModel } from '../prediction/models.ts';
import { sampleFile } from '../prediction/photos.ts';
import { evopatch, inProcess } from './program.ts';

let folder: string;
let model: string;
let crop: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-saliency-'));
  model = join(folder, 'model.safetensors');
  await saveModel(model, await someModel());
  crop = join(folder, 'face.png');
  await sharp(sampleFile(3)).resize(96, 96).toFile(crop);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) => inProcess('saliency', '--model', model, ...args);
const data = ['--data', 'synthetic:70', '--split', 'all'] as const;
const sum = (rows: readonly (readonly number[])[]) => rows.flat().reduce((total, value) => total + value, 0);
const isPng = async (file: string) => (await readFile(file)).subarray(1, 4).toString() === 'PNG';

test('explains a photo by every method', async () => {
  const out = join(folder, 'why.png');
  const { code, stdout, stderr } = await run(crop, '--out', out, '--json', '--steps', '200');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { photos, classes } = JSON.parse(stdout);
  expect(photos.map(({ file }: { file: string }) => file)).toEqual([crop]);
  const [face] = photos[0].faces;
  expect(classes).toContain(face.class);
  expect(face.picture).toBe(out);
  expect(await isPng(out)).toBe(true);
  expect(face.maps.map(({ method }: { method: string }) => method)).toEqual([
    'gradient',
    'guided',
    'integrated',
    'grad-cam',
  ]);
  for (const { rows } of face.maps) {
    expect([rows.length, rows[0].length]).toEqual([64, 64]);
    expect(rows.flat().some((value: number) => value !== 0)).toBe(true);
  }
  const { scalar, baseline, rows } = face.maps[2];
  expect(Math.abs(sum(rows) - (scalar - baseline))).toBeLessThan(0.02 * Math.abs(scalar - baseline) + 1e-3);
});

test('explains one face of a data set, as a line of text and an SVG', async () => {
  const out = join(folder, 'face.svg');
  const { code, stdout } = await run(
    ...data,
    '--face',
    '5',
    '--class',
    'happy',
    '--method',
    'integrated',
    '--out',
    out,
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^face 5 of synthetic:70: happy \d+ %\n {2}integrated: sums to -?[\d.]+ of -?[\d.]+\n/,
  );
  expect(stdout.endsWith(`picture: ${out}\n`)).toBe(true);
  const svg = await readFile(out, 'utf8');
  expect(['integrated gradients', 'Why ‘happy’'].filter((words) => !svg.includes(words))).toEqual([]);
});

test('draws the means of classes', async () => {
  const out = join(folder, 'classes.png');
  const { code, stdout } = await run(...data, '--limit', '20', '--out', out, '--json');
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ split: 'all', samples: 20, explained: 'true', picture: out });
  const [{ method, unit, perClass, rows }] = report.methods;
  expect([method, unit]).toEqual(['guided', 'logits per deviation of grey']);
  const counts = perClass.map(({ samples }: { samples: number }) => samples);
  expect(counts.reduce((total: number, count: number) => total + count, 0)).toBe(20);
  const mean = perClass.reduce(
    (total: number, one: { samples: number; rows: number[][] }) => total + (one.samples / 20) * sum(one.rows),
    0,
  );
  expect(Math.abs(sum(rows) - mean)).toBeLessThan(1e-4 * mean);
  expect(await isPng(out)).toBe(true);
});

test('--check tests whether the maps depend on the training', async () => {
  const check = [...data, '--check', '--limit', '6', '--method', 'gradient'];
  const [text, json] = await Promise.all([run(...check), run(...check, '--json')]);
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/^random down to +logits +dense +patch1\.conv\d/);
  expect(text.stdout).toMatch(/\ngradient .*(depend|DO NOT depend) on the training\n/);
  expect(text.stdout).toContain('mean over 6 faces and 3 draws');
  const report = JSON.parse(json.stdout);
  expect(report.check.methods).toHaveLength(1);
  expect(report).not.toHaveProperty('methods');
});

test('says what is wrong with what it was asked', async () => {
  const refusals: [string[], RegExp][] = [
    [[], /give either photos or data/],
    [[crop, ...data], /give either photos or data/],
    [[crop, '--check'], /--check.*labelled faces/],
    [[crop, '--class', 'true'], /the true class of a photo is unknown/],
    [[...data, '--class', 'merry'], /no such class/],
    [[...data, '--class', 'happy'], /means of classes/],
    [[...data, '--face', '70'], /no such face/],
    [[...data, '--face', '1', '--check'], /more than one face/],
    [[...data, '--face', '1', '--out', join(folder, 'x.gif')], /format/],
    [[...data, '--face', '1', '--method', 'grad-cam', '--layer', 'nose'], /no such layer/],
  ];
  const ended = await Promise.all(refusals.map(([args]) => run(...args)));
  for (const [index, { code, stderr }] of ended.entries()) {
    expect(stderr).toMatch(refusals[index][1]);
    expect(code).toBe(2);
  }
  await expect(stat(join(folder, 'x.gif'))).rejects.toThrow();
});

test('teaches with its help', async () => {
  const { code, stdout } = await evopatch('saliency', '--help');
  expect(code).toBe(0);
  expect(stdout).toContain('Usage: evopatch saliency [PHOTO…] --model FILE [OPTIONS]');
  for (const words of ['--method', 'guided', '--check', 'Examples:']) expect(stdout).toContain(words);
});
