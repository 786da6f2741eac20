import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyOf, drawView, eraseRectangle } from '../../research/levers/altered-faces.js';
import { expandConvolutions, STUDENTS } from '../../research/levers/students.js';
import { randomStream } from '../../src/core/random.ts';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { samplesOf } from '../../src/fitness/evaluate.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { describeNetwork } from '../../src/network/describe.ts';

let folder;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
});
afterAll(() => rm(folder, { recursive: true }));

const script = fileURLToPath(new URL('../../research/levers/study.js', import.meta.url));
const study = (variants) => {
  const words = `--data synthetic:140 --students corners-1k --seeds a --variants ${variants} --out ${folder}`;
  return promisify(execFile)(process.execPath, [script, ...words.split(' ')]);
};

test('a study trains each variant once; views that change nothing change no bit', async () => {
  const still = 'epochs=2+shift=0+flip=false';
  const variants = `plain+${still},views+${still},blur+expand+erase+tail+views+epochs=2`;
  const { stdout } = await study(variants);
  expect(stdout.trimEnd().split('\n')).toHaveLength(5);
  const lines = (await readFile(join(folder, 'trainings.jsonl'), 'utf8')).trim().split('\n');
  const [teacher, plain, views, all] = lines.map((line) => JSON.parse(line));
  expect(teacher.student).toBe('baseline');
  expect(views.loss).toBe(plain.loss);
  expect(all.loss).not.toBe(plain.loss);
  expect(await study(variants)).toEqual({ stdout, stderr: '' });
  await expect(study('blurred')).rejects.toThrow('blurred is none of');
});

test('wide convolutions leave every shape as it was', () => {
  const spec = toNetworkSpec(STUDENTS['face-60k'], { classes: 7, frame: FACE_FRAME });
  const shapes = new Map(
    describeNetwork(expandConvolutions(spec)).map(({ layer, output }) => [layer.name, output]),
  );
  for (const { layer, output } of describeNetwork(spec)) expect(shapes.get(layer.name)).toEqual(output);
});

test('a view is shifted, then flipped; erasing makes one rectangle of the face grey', () => {
  const samples = samplesOf(syntheticFaces({ count: 140 }));
  const { frames } = copyOf(samples);
  drawView(frames, samples, 3, { shiftX: 1, shiftY: -2, flip: true });
  const at = (pixels, x, y) => pixels[(3 * 64 + y) * 64 + x];
  expect(at(frames, 20, 30)).toBe(at(samples.frames, 63 - 20 + 1, 30 - 2));
  expect(at(frames, 0, 0)).toBe(at(samples.frames, 63, 0)); // beyond the edge

  const erased = copyOf(samples);
  const random = randomStream('erase');
  for (let sample = 0; sample < 140; sample++) eraseRectangle(erased, sample, FACE_FRAME, random);
  const changed = [...samples.frames.keys()].filter(
    (pixel) => erased.frames[pixel] !== samples.frames[pixel],
  );
  const faces = new Set(changed.map((pixel) => Math.floor(pixel / 64 ** 2)));
  expect(faces.size).toBeGreaterThan(50);
  expect(faces.size).toBeLessThan(90);
  for (const pixel of changed) {
    const [x, y] = [pixel % 64, Math.floor(pixel / 64) % 64];
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(8);
    expect(Math.max(x, y)).toBeLessThan(56);
    expect(erased.frames[pixel]).toBe(Math.round(erased.statistics[2 * Math.floor(pixel / 64 ** 2)]));
  }
});
