import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveModel } from '../../src/nn/model-file.ts';
import { someModel } from '../prediction/models.ts';
import { sampleFile } from '../prediction/photos.ts';
import { evopatch, inProcess } from './program.ts';

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

describe('of one photo', () => {
  test('describes each face in a line', async () => {
    const { code, stdout, stderr } = await predict(group);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [head, ...faces] = stdout.trimEnd().split('\n');
    expect(head).toBe(`${group}: 3 faces`);
    expect(faces).toHaveLength(3);
    for (const line of faces) {
      expect(line).toMatch(/^ {3}[123] {2}\w+ +\d+ % █*░* {2}\d+×\d+ at \(-?\d+, -?\d+\)(, not aligned)?$/);
      expect(line.match(/[█░]/g)).toHaveLength(12);
    }
  });

  test('gives plain data with --json', async () => {
    const { code, stdout } = await predict(group, '--json', '--attributes');
    expect(code).toBe(0);
    const report = json(stdout);
    expect(Object.keys(report)).toEqual([
      ...['model', 'classes', 'photos', 'skipped', 'summary', 'interrupted'],
    ]);
    expect(report.summary).toEqual({ pictures: 1, faces: 3, withoutFace: 0, failed: 0 });
    expect(report).toMatchObject({
      model,
      classes: ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'],
    });
    expect(report.skipped).toEqual([]);
    const [photo] = report.photos;
    expect(photo).toMatchObject({ file: group, width: 640, height: 450 });
    const expected = await (await someModel()).predictFaces(group, { attributes: true });
    const plain = expected.map(({ points: _, ...face }) => face);
    expect(photo.faces).toEqual(json(JSON.stringify(plain)));
    expect(Object.keys(photo.faces[0]).toSorted()).toEqual(
      [
        'aligned',
        'attributes',
        'box',
        'label',
        'patches',
        'pose',
        'probabilities',
        'probability',
        'score',
        'similarity',
      ].toSorted(),
    );
    expect(photo.faces[0].patches[0].corners).toHaveLength(4);
  });

  test('draws it with --draw', async () => {
    const out = join(folder, 'new', 'drawn.png');
    const { code, stdout } = await predict(group, '--draw', out);
    expect(code).toBe(0);
    expect(stdout).toContain(`${group}: 3 faces, drawn in ${out}\n`);
    expect(await sharp(out).metadata()).toMatchObject({ format: 'png', width: 640, height: 450 });
    expect(await readdir(join(folder, 'new'))).toEqual(['drawn.png']);
    for (const [ending, format] of [
      ['jpg', 'jpeg'],
      ['webp', 'webp'],
    ]) {
      const other = join(folder, 'new', `drawn.${ending}`);
      expect((await predict(group, '--draw', other)).code).toBe(0);
      expect(await sharp(other).metadata()).toMatchObject({ format, width: 640, height: 450 });
    }
  });

  test('says so where there is no face, and ends well', async () => {
    const empty = join(folder, 'empty.png');
    await sharp({ create: { width: 300, height: 200, channels: 3, background: '#88aacc' } }).toFile(empty);
    const { code, stdout } = await predict(empty);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^.+empty\.png: no face found \('--faces crop' treats the picture as one face\)\n$/,
    );
    const tiny = (await predict(group, empty, '--faces', 'tiny')).stdout;
    expect(tiny).toMatch(
      /empty\.png: no face found \('--faces all' finds more faces; .+\)\n2 of 2 pictures read, 3 faces, 1 without a face\n$/,
    );
    expect(json((await predict(empty, '--json')).stdout).photos[0].faces).toEqual([]);
  });
});

describe('of a folder', () => {
  test('takes its photos by name, and draws each', async () => {
    const out = join(folder, 'drawings');
    const { code, stdout } = await predict(frames, '--json', '--draw', out);
    expect(code).toBe(0);
    const { photos } = json(stdout);
    const names = ['1', '10', '2'];
    expect(photos.map(({ file }: { file: string }) => file)).toEqual(
      names.map((name) => join(frames, `${name}.png`)),
    );
    expect(photos.map(({ drawing }: { drawing: string }) => drawing)).toEqual(
      names.map((name) => join(out, `${name}.png`)),
    );
    expect((await readdir(out)).toSorted()).toEqual(['1.png', '10.png', '2.png']);
    expect(photos[0].faces[0]).not.toHaveProperty('id');
  });

  test('follows its faces where that is asked for', async () => {
    const { stdout } = await predict(frames, '--every', '2', '--smoothing', '3', '--json');
    const { photos } = json(stdout);
    for (const { faces } of photos) {
      expect(faces.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3]);
      expect(faces).toEqual(photos[0].faces);
    }
    expect((await predict(frames, '--smoothing', '2')).stdout).toMatch(/^ {2}#1 {2}/m);
  });
});

describe('of an animation', () => {
  let moving: string;
  beforeAll(async () => {
    const { data, info } = await sharp(sampleFile(3)).resize(500).raw().toBuffer({ resolveWithObject: true });
    const whole = sharp(data, { raw: info });
    const views = [0, 6, 12].map((left) => whole.clone().extract({ left, top: 0, width: 480, height: 330 }));
    const pictures = await Promise.all(views.map((view) => view.png().toBuffer()));
    moving = join(folder, 'moving.webp');
    await sharp(pictures, { join: { animated: true } })
      .webp({ delay: [40, 90, 60] })
      .toFile(moving);
  });

  test('follows its faces and draws it with the same times', async () => {
    const out = join(folder, 'drawn.gif');
    const options = ['--model', model, '--gender-model', model, '--guided', '--draw', out];
    const { code, stdout } = await inProcess('predict', moving, ...options, '--times', '--json');
    expect(code).toBe(0);
    const { photos, animations, times } = json(stdout);
    expect(photos).toEqual([]);
    expect(animations).toHaveLength(1);
    const [{ frames: found, ...rest }] = animations;
    expect(rest).toEqual({ file: moving, width: 480, height: 330, drawing: out });
    expect(found.map(({ milliseconds }: { milliseconds: number }) => milliseconds)).toEqual([40, 90, 60]);
    for (const { faces } of found) {
      expect(faces.map(({ id }: { id: number }) => id).toSorted()).toEqual([1, 2, 3]);
      for (const face of faces) {
        expect(face.also.label).toBe(face.label);
        expect(face).not.toHaveProperty('guided');
      }
    }
    expect(await sharp(out).metadata()).toMatchObject({
      ...{ format: 'gif', pages: 3, width: 480, height: 330 },
      delay: [40, 90, 60],
    });
    expect(times.frames).toBe(3);
    expect(Object.keys(times.milliseconds).toSorted()).toEqual(
      ['also', 'decode', 'draw', 'guided', 'search', 'write'].toSorted(),
    );
  });

  test('describes each face in a line', async () => {
    const { stdout } = await inProcess('predict', moving, '--model', model, '--every', '3');
    const [head, ...faces] = stdout.trimEnd().split('\n');
    expect(head).toBe(`${moving}: 3 frames, 3 faces`);
    expect(faces).toHaveLength(3);
    for (const line of faces) expect(line).toMatch(/^ {2}#[123] {2}\w+ +\d+ % █*░* {2}in 3: \w+ \d/);
  });

  test('is refused or skipped where it is truncated', async () => {
    const cut = join(folder, 'cut.gif');
    const whole = await sharp(await readFile(moving), { animated: true })
      .gif()
      .toBuffer();
    await writeFile(cut, whole.subarray(0, whole.length / 2));
    const stopped = await inProcess('predict', cut, '--model', model);
    expect(stopped).toMatchObject({ code: 1, stderr: expect.stringContaining('the animation is truncated') });
    const skip = ['--on-bad-image', 'skip', '--faces', 'crop', '--json'];
    const { code, stdout } = await inProcess('predict', cut, group, '--model', model, ...skip);
    expect(code).toBe(0);
    expect(json(stdout).skipped).toMatchObject([{ file: cut, code: 'INVALID_IMAGE' }]);
  });
});

test('a further model and the times of the stages', async () => {
  const { code, stdout } = await predict(group, '--gender-model', model, '--times', '--json');
  expect(code).toBe(0);
  const { photos, genderModel, times } = json(stdout);
  expect(genderModel).toBe(model);
  for (const face of photos[0].faces) expect(face.also.probabilities).toEqual(face.probabilities);
  expect(times).toMatchObject({ frames: 1 });
  expect(times.framesPerSecond).toBeGreaterThan(0);
  const text = (await predict(group, '--gender-model', model, '--times')).stdout;
  expect(text).toMatch(/\d+\.\d frames\/s over 1; milliseconds per frame: .*finding and reading faces \d/);
});
