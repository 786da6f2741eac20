import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveModel } from '../../src/nn/model-file.ts';
import { someModel } from '../prediction/models.ts';
import { sampleFile } from '../prediction/photos.ts';
import { evopatch, inProcess, start } from './program.ts';

let folder: string;
let model: string;
let group: string;
let frames: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-predict-'));
  model = join(folder, 'model.safetensors');
  await saveModel(model, await someModel());
  group = join(folder, 'group.png');
  await sharp(sampleFile(3)).resize(640).toFile(group);
  frames = join(folder, 'frames');
  await mkdir(frames);
  for (const name of ['2.png', '10.png', '1.png', '.hidden.png']) await copyFile(group, join(frames, name));
  await writeFile(join(frames, 'notes.txt'), 'no photo');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const predict = (...args: string[]) => evopatch('predict', ...args, '--model', model);
const json = (text: string) => JSON.parse(text);

describe('a photo that cannot be read', () => {
  let bad: string;
  beforeAll(async () => {
    bad = join(folder, 'mixed');
    await mkdir(bad);
    await writeFile(join(bad, 'a.png'), 'not a picture');
    await copyFile(group, join(bad, 'b.png'));
    await writeFile(join(bad, 'c.jpg'), '');
  });

  test('costs no other, and the command fails', async () => {
    const { code, stdout, stderr } = await predict(bad);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^.+b\.png: 3 faces\n/);
    expect(stdout).toMatch(/\n1 of 3 pictures read, 3 faces, 2 cannot be read\n$/);
    expect(stderr.match(/^skipped: .+(a\.png: not a .+|c\.jpg: the image file is empty.+)$/gm)).toHaveLength(
      2,
    );
    const missing = await inProcess('predict', join(bad, 'none.png'), group, '--model', model, '--json');
    expect(missing.code).toBe(1);
    expect(json(missing.stdout)).toMatchObject({
      photos: [{ file: group }],
      skipped: [{ file: join(bad, 'none.png'), code: 'FILE_SYSTEM' }],
    });
  });

  test('stops the command where that is asked for', async () => {
    const { code, stdout } = await predict(bad, '--json', '--on-bad-image', 'stop');
    expect(code).toBe(1);
    expect(json(stdout).error).toMatchObject({ code: 'INVALID_IMAGE', file: join(bad, 'a.png') });
  });

  test('or is no failure', async () => {
    const { code, stdout, stderr } = await predict(bad, '--json', '--on-bad-image', 'skip');
    expect(code).toBe(0);
    const { photos, skipped, summary } = json(stdout);
    expect(summary).toEqual({ pictures: 1, faces: 3, withoutFace: 0, failed: 2 });
    expect(photos.map(({ file }: { file: string }) => file)).toEqual([join(bad, 'b.png')]);
    expect(skipped).toEqual(
      ['a.png', 'c.jpg'].map((name) => ({
        file: join(bad, name),
        code: 'INVALID_IMAGE',
        message: expect.stringContaining(name),
      })),
    );
    expect(stderr.match(/^skipped: .+$/gm)).toHaveLength(2);
  });

  test('fails where none can be read', async () => {
    const one = await predict(join(bad, 'a.png'), '--on-bad-image', 'skip');
    expect(one).toMatchObject({ code: 1, stderr: expect.stringContaining('a.png: not a ') });
    const two = await predict(join(bad, 'a.png'), join(bad, 'c.jpg'));
    expect(two).toMatchObject({ code: 1, stderr: expect.stringContaining('no photo can be read') });
  });
});

describe('refuses', () => {
  test.each<[string, () => string[], number, string]>([
    ['no photos', () => ['--model', model], 2, 'PHOTO… is required'],
    ['no model', () => [group], 2, "'--model': this option is required"],
    ['a model that is not there', () => [group, '--model', join(folder, 'none')], 1, 'cannot read the model'],
    ['a model that is none', () => [group, '--model', group], 1, 'group.png'],
    [
      'a photo that is not there',
      () => [join(folder, 'no.png'), '--model', model],
      1,
      'cannot read the image',
    ],
    ['a folder without photos', () => [join(folder, 'void'), '--model', model], 1, 'no photos in the folder'],
    ['to draw over the photo', () => [group, '--model', model, '--draw', group], 2, 'replace an input'],
    ['to draw over the photos', () => [frames, '--model', model, '--draw', frames], 2, 'replace an input'],
    [
      'to draw into a file',
      () => [frames, '--model', model, '--draw', group],
      1,
      'this must be a folder, not a file',
    ],
    ['to draw below a file', () => [group, '--model', model, '--draw', join(group, 'x.png')], 1, 'group.png'],
    [
      'a search that is none',
      () => [group, '--model', model, '--faces', 'some'],
      2,
      'must be one of auto, crop',
    ],
    [
      'what speaks for a label without a drawing',
      () => [group, '--model', model, '--guided'],
      2,
      'Give --draw FILE',
    ],
    ['no frames', () => [group, '--model', model, '--every', '0'], 2, 'a whole number from 1'],
  ])('%s', async (_what, args, code, message) => {
    await mkdir(join(folder, 'void'), { recursive: true });
    const before = await readFile(group);
    const result = await evopatch('predict', ...args());
    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
    expect(result.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    expect((await readFile(group)).equals(before)).toBe(true);
  });

  test.skipIf(process.getuid?.() === 0)('a folder that cannot be written, and leaves nothing', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o500);
    const { code, stderr } = await predict(group, '--draw', join(closed, 'out.png'));
    expect(code).toBe(1);
    expect(stderr).toContain('cannot write the file');
    expect(await readdir(closed)).toEqual([]);
  });
});

test('interrupted, it keeps what is done and ends with 130', async () => {
  const many = join(folder, 'many');
  await mkdir(many);
  await Promise.all(Array.from({ length: 100 }, (_, i) => copyFile(group, join(many, `${i}.png`))));
  const drawings = join(folder, 'many drawings');
  const csv = join(folder, 'many.csv');
  const options = ['--model', model, '--draw', drawings, '--csv', csv, '--faces', 'tiny', '--json'];
  const { child, ended } = start(['predict', many, ...options]);
  const drawn = async () => (await readdir(drawings).catch(() => [])).length;
  while ((await drawn()) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  const { photos, interrupted, summary } = json(stdout);
  expect(interrupted).toBe(true);
  expect(summary.pictures).toBe(photos.length);
  expect(photos.length).toBeGreaterThan(0);
  expect(photos.length).toBeLessThan(100);
  const lines = (await readFile(csv, 'utf8')).trimEnd().split('\n').slice(1);
  expect(lines.map((line) => line.split(',')[0])).toEqual(
    photos.flatMap(({ file, faces }: { file: string; faces: unknown[] }) => faces.map(() => file)),
  );
  for (const name of await readdir(drawings)) expect(name).toMatch(/^\d+\.png$/);
});

describe('a folder with folders', () => {
  let album: string;
  beforeAll(async () => {
    album = join(folder, 'album');
    const names = ['1.png', 'a/1.png', '=b/c/1.png', '__MACOSX/1.png', '.trash/1.png'];
    for (const name of names) {
      await mkdir(join(album, name, '..'), { recursive: true });
      await copyFile(group, join(album, name));
    }
    await writeFile(join(album, 'a', '2.png'), 'no picture');
  });

  test('is searched with all of them, each photo is read once, and drawings keep their folders', async () => {
    const out = join(folder, 'album drawings');
    const options = ['--model', model, '--faces', 'tiny', '--draw', out, '--json'];
    const { code, stdout } = await inProcess('predict', album, join(album, '1.png'), ...options);
    expect(code).toBe(1);
    const files = ['1.png', '=b/c/1.png', 'a/1.png'];
    expect(json(stdout).photos.map(({ file }: { file: string }) => file)).toEqual(
      files.map((name) => join(album, name)),
    );
    expect(json(stdout).photos.map(({ drawing }: { drawing: string }) => drawing)).toEqual(
      files.map((name) => join(out, name)),
    );
    for (const name of files)
      expect(await sharp(join(out, name)).metadata()).toMatchObject({ format: 'png' });
    expect((await inProcess('predict', album, ...options)).code).toBe(1); // drawn once more into the same folder
  });

  test('becomes a csv with a line for each face and the reason for what cannot be read', async () => {
    const options = ['--model', model, '--faces', 'tiny', '--attributes', '--gender-model', model];
    const { code, stdout, stderr } = await inProcess('predict', album, ...options, '--csv', '-');
    expect(code).toBe(1);
    expect(stderr).toMatch(/3 of 4 pictures read, 9 faces, 1 cannot be read\n$/);
    const [header, ...rows] = parse(stdout, {});
    expect(header.slice(0, 12).join()).toBe(
      'file,frame,face,label,probability,p_angry,p_disgust,p_fear,p_happy,p_sad,p_surprise,p_neutral',
    );
    expect(header.slice(12).join()).toMatch(
      /^x,y,width,height,score,aligned,turned,also,.+,gender,gender_probability,age,error$/,
    );
    expect(rows).toHaveLength(10);
    for (const row of rows) expect(row).toHaveLength(header.length);
    const [unread] = rows.filter((row) => row.at(-1) !== '');
    expect(unread[0]).toBe(join(album, 'a', '2.png'));
    expect(unread.at(-1)).toContain('not a ');
    const [face] = rows;
    expect(Number(face[4])).toBe(Math.max(...face.slice(5, 12).map(Number)));
    expect(face.at(-4)).toMatch(/male$/);
    const written = join(folder, 'album.csv');
    expect((await inProcess('predict', album, ...options, '--csv', written)).code).toBe(1);
    expect(await readFile(written, 'utf8')).toBe(stdout);
  });

  test('cannot be printed as csv and JSON at once', async () => {
    const { code, stderr } = await inProcess('predict', album, '--model', model, '--csv', '-', '--json');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--csv') });
  });
});
