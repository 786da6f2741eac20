import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Photo } from '../../src/images/photo.ts';
import { openFaceApi } from '../../src/landmarks/face-api.ts';
import { openLandmarkDetector } from '../../src/landmarks/face-api-detector.ts';
import { poseOf } from '../../src/landmarks/face-pose.ts';
import type { LandmarkDetector, LocatedFace } from '../../src/landmarks/landmark-detector.ts';
import { cutPhoto } from '../../src/landmarks/picture.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { landscape, noise, PEOPLE, samplePhoto } from './photos.ts';

const run = promisify(execFile);
let tiny: Required<LandmarkDetector>;
let ssd: Required<LandmarkDetector>;
let photos: Photo[];
beforeAll(async () => {
  tiny = await openLandmarkDetector();
  ssd = await openLandmarkDetector({ detector: 'ssd' });
  photos = await Promise.all(PEOPLE.map((_, i) => samplePhoto(i + 1)));
});

const mean = (points: ArrayLike<number>, from: number, to: number, axis: 0 | 1) => {
  let sum = 0;
  for (let i = from; i < to; i++) sum += points[2 * i + axis];
  return sum / (to - from);
};

function expectFace({ box, points, score }: LocatedFace): void {
  expect(points).toHaveLength(136);
  const { noseTip, leftEye, rightEye, eyeDistance, roll } = poseOf(points);
  const margin = 0.1 * box.width; // the nose of a profile sticks out
  expect(noseTip[0]).toBeGreaterThan(box.x - margin);
  expect(noseTip[0]).toBeLessThan(box.x + box.width + margin);
  expect(noseTip[1]).toBeGreaterThan(box.y);
  expect(noseTip[1]).toBeLessThan(box.y + box.height);
  expect(noseTip[1]).toBeGreaterThan((leftEye[1] + rightEye[1]) / 2);
  expect(mean(points, 48, 68, 1)).toBeGreaterThan(noseTip[1]);
  expect(eyeDistance).toBeGreaterThan(0.15 * box.width);
  expect(eyeDistance).toBeLessThan(0.7 * box.width);
  expect(Math.abs(roll)).toBeLessThan(50);
  expect(score).toBeGreaterThan(0);
  expect(score).toBeLessThanOrEqual(1);
}

describe('detect', () => {
  // Known from the drawn photos: the tiny detector misses a profile and two people who look down or aside.
  it('finds faces with the tiny detector and invents none', async () => {
    const found = [];
    for (const photo of photos) found.push(await tiny.detect(photo));
    expect(found.map(({ length }) => length)).toEqual([3, 1, 3, 3, 5, 4]);
    for (const faces of found) {
      for (const face of faces) expectFace(face);
      expect(faces.map(({ score }) => score)).toEqual(faces.map(({ score }) => score).sort((a, b) => b - a));
    }
  });

  it('finds every face with ssd, turned and half hidden ones too', async () => {
    const found = [];
    for (const photo of photos) found.push(await ssd.detect(photo));
    expect(found.map(({ length }) => length)).toEqual(PEOPLE);
    for (const face of found.flat()) expectFace(face);
    const [profile] = found[1].filter(({ box }) => box.x < 600); // looks to the left of the picture
    const nose = poseOf(profile.points).noseTip[0];
    expect(nose - profile.box.x).toBeLessThan(0.3 * profile.box.width);
  });

  it('agrees between the detectors on where the noses are', async () => {
    const others = await ssd.detect(photos[5]);
    for (const { points } of await tiny.detect(photos[5])) {
      const { noseTip, eyeDistance } = poseOf(points);
      const distances = others.map((other) => {
        const tip = poseOf(other.points).noseTip;
        return Math.hypot(tip[0] - noseTip[0], tip[1] - noseTip[1]);
      });
      expect(Math.min(...distances)).toBeLessThan(0.15 * eyeDistance);
    }
  });

  it.each([
    ['noise', noise(640, 480)],
    ['a landscape', landscape(640, 480)],
    ['one grey', { pixels: new Uint8Array(3 * 300 * 300).fill(128), width: 300, height: 300 }],
    ['black', { pixels: new Uint8Array(3 * 200 * 100), width: 200, height: 100 }],
    ['a photo smaller than the network looks at', noise(20, 20)],
    ['one pixel', { pixels: Uint8Array.of(200, 150, 120), width: 1, height: 1 }],
    ['a line', noise(3000, 1)],
    ['a column', noise(1, 3000)],
  ])('finds nobody in %s', async (_, photo) => {
    expect(await tiny.detect(photo)).toEqual([]);
    expect(await ssd.detect(photo)).toEqual([]);
  });

  it('finds a face that the border cuts', async () => {
    const [whole] = (await ssd.detect(photos[5])).filter(({ box }) => box.x > 1400);
    const x = whole.box.x + Math.round(0.25 * whole.box.width);
    const y = whole.box.y - 150;
    const half = cutPhoto(photos[5], { x, y, width: 350, height: 600 });
    const faces = await ssd.detect(half);
    expect(faces).toHaveLength(1);
    expect(faces[0].points.every(Number.isFinite)).toBe(true);
    const [tip, full] = [poseOf(faces[0].points).noseTip, poseOf(whole.points).noseTip];
    expect(Math.abs(tip[0] + x - full[0])).toBeLessThan(0.2 * whole.box.width);
    expect(Math.abs(tip[1] + y - full[1])).toBeLessThan(0.2 * whole.box.height);
  });

  it('finds the same faces in a photo of 12 megapixels', async () => {
    const large = { pixels: new Uint8Array(3 * 4000 * 3000), width: 4000, height: 3000 };
    const { pixels, width, height } = photos[2];
    for (let y = 0; y < 2 * height; y++) {
      for (let x = 0; x < 2 * width; x++) {
        const from = 3 * ((y >> 1) * width + (x >> 1));
        large.pixels.set(pixels.subarray(from, from + 3), 3 * (y * large.width + x));
      }
    }
    const found = (await tiny.detect(large)).map(({ points }) => poseOf(points).noseTip[0] / 2);
    const expected = (await tiny.detect(photos[2])).map(({ points }) => poseOf(points).noseTip[0]);
    expect(found).toHaveLength(3);
    for (const x of expected) {
      expect(Math.min(...found.map((other) => Math.abs(other - x)))).toBeLessThan(15);
    }
  });

  it('keeps to the least score', async () => {
    const strict = await openLandmarkDetector({ minimumScore: 0.8 });
    const all = await tiny.detect(photos[4]);
    const best = await strict.detect(photos[4]);
    expect(best.length).toBeGreaterThan(0);
    expect(best).toEqual(all.filter(({ score }) => score > 0.8));
    expect(strict.version).not.toBe(tiny.version);
    expect(ssd.version).not.toBe(tiny.version);
  });
});

describe('locate', () => {
  it('finds the landmarks of a crop, large or of 48 pixels', async () => {
    const [face] = await tiny.detect(photos[4]);
    const crop = cutPhoto(photos[4], face.box);
    const large = await tiny.locate(crop);
    expect(large).toMatchObject({ score: 1, box: { x: 0, y: 0, width: crop.width, height: crop.height } });
    const shifted = large.points.map((value, i) => value + (i % 2 === 0 ? face.box.x : face.box.y));
    expect(Math.max(...shifted.map((value, i) => Math.abs(value - face.points[i])))).toBeLessThan(0.01);

    const small = { pixels: new Uint8Array(3 * 48 * 48), width: 48, height: 48 };
    for (let i = 0; i < small.pixels.length; i++) {
      const x = Math.floor((((Math.floor(i / 3) % 48) + 0.5) * crop.width) / 48);
      const y = Math.floor(((Math.floor(i / 144) + 0.5) * crop.height) / 48);
      small.pixels[i] = crop.pixels[3 * (y * crop.width + x) + (i % 3)];
    }
    const { points } = await tiny.locate(small);
    const [tip, expected] = [poseOf(points).noseTip, poseOf(large.points).noseTip];
    expect(Math.abs((tip[0] * crop.width) / 48 - expected[0])).toBeLessThan(0.05 * crop.width);
    expect(Math.abs((tip[1] * crop.height) / 48 - expected[1])).toBeLessThan(0.05 * crop.height);
  });

  it('leans to neither side: a mirrored face has mirrored landmarks', async () => {
    const errors = [];
    for (const photo of [photos[2], photos[4], photos[5]]) {
      for (const { box } of await tiny.detect(photo)) {
        const crop = cutPhoto(photo, box);
        const mirrored = { ...crop, pixels: new Uint8Array(crop.pixels.length) };
        for (let i = 0; i < crop.width * crop.height; i++) {
          const from = i + crop.width - 1 - 2 * (i % crop.width);
          mirrored.pixels.set(crop.pixels.subarray(3 * from, 3 * from + 3), 3 * i);
        }
        const [one, other] = [await tiny.locate(crop), await tiny.locate(mirrored)];
        errors.push((mean(one.points, 0, 68, 0) + mean(other.points, 0, 68, 0)) / 2 / crop.width - 0.5);
      }
    }
    expect(errors).toHaveLength(12);
    expect(Math.abs(errors.reduce((a, b) => a + b) / errors.length)).toBeLessThan(0.004); // 0.007 if not corrected
  });

  it.each([
    [1, 1],
    [20, 20],
    [1, 900],
  ])('gives finite points for a picture of %i×%i', async (width, height) => {
    const { points } = await tiny.locate(noise(width, height));
    expect(points).toHaveLength(136);
    expect(points.every(Number.isFinite)).toBe(true);
  });
});

describe('attributesOf', () => {
  it('estimates gender and age', async () => {
    const faces = await ssd.detect(photos[5]);
    for (const face of faces) {
      const { gender, genderProbability, age } = await ssd.attributesOf(photos[5], face);
      expect(gender).toBe('female');
      expect(genderProbability).toBeGreaterThanOrEqual(0.5);
      expect(genderProbability).toBeLessThanOrEqual(1);
      expect(age).toBeGreaterThan(15);
      expect(age).toBeLessThan(50);
    }
  });

  it('takes points that lie outside the photo', async () => {
    const photo = noise(30, 30);
    const face = { ...(await tiny.locate(photo)), points: new Float32Array(136).fill(1e6) };
    expect(await tiny.attributesOf(photo, face)).toMatchObject({ age: expect.any(Number) });
  });
});

describe('a detector', () => {
  it('gives the same for a photo after any earlier photos', async () => {
    const crop = cutPhoto(photos[3], { x: 600, y: 50, width: 300, height: 300 });
    const fresh = await openLandmarkDetector();
    const first = [await fresh.detect(photos[3]), await fresh.locate(crop)];
    await fresh.detect(photos[0]);
    await fresh.locate(noise(48, 48));
    const [concurrent] = await Promise.all([
      fresh.detect(photos[3]),
      fresh.detect(photos[1]),
      ssd.detect(photos[2]),
    ]);
    expect([await fresh.detect(photos[3]), await fresh.locate(crop)]).toEqual(first);
    expect(concurrent).toEqual(first[0]);
  });

  it('keeps no tensors', async () => {
    const { tf } = await openFaceApi();
    const work = async (photo: Photo) => {
      for (const detector of [tiny, ssd]) {
        for (const face of await detector.detect(photo)) await detector.attributesOf(photo, face);
        await detector.locate(cutPhoto(photo, { x: 0, y: 0, width: 48, height: 48 }));
      }
    };
    await work(photos[4]);
    const { numTensors } = tf.memory();
    await work(photos[4]);
    await work(noise(50, 40));
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it.each([
    { pixels: new Uint8Array(11), width: 2, height: 2 },
    { pixels: new Uint8Array(0), width: 0, height: 0 },
    { pixels: new Uint8Array(12), width: -2, height: -2 },
    { pixels: new Uint8Array(12), width: Number.NaN, height: 2 },
  ])('refuses pixels that do not fill the photo ($width×$height)', async (photo) => {
    await expect(tiny.detect(photo)).rejects.toMatchObject({ code: 'INVALID_IMAGE' });
    await expect(tiny.locate(photo)).rejects.toMatchObject({ code: 'INVALID_IMAGE' });
  });

  it.each([0, 1, -1, Number.NaN])('refuses %d as least score', async (minimumScore) => {
    const data = { option: 'minimumScore' };
    await expect(openLandmarkDetector({ minimumScore })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      data,
    });
  });

  it('refuses another detector', async () => {
    const detector = 'huge' as 'tiny';
    const expected = { code: 'INVALID_OPTION', data: { option: 'detector' } };
    await expect(openLandmarkDetector({ detector })).rejects.toMatchObject(expected);
  });
});

describe('face-api in a process of its own', () => {
  it('prints nothing, uses no network and leaves the process unchanged', async () => {
    const script = `
      import net from 'node:net';
      net.Socket.prototype.connect = () => { throw new Error('a connection'); };
      globalThis.fetch = () => { throw new Error('a fetch'); };
      const events = ['uncaughtException', 'unhandledRejection'];
      const listeners = () => events.map((event) => process.listenerCount(event));
      const before = [...listeners(), typeof Worker];
      const { openLandmarkDetector } = await import('${import.meta.dirname}/../../dist/landmarks/face-api-detector.js');
      const detector = await openLandmarkDetector({ detector: 'ssd' });
      const photo = { pixels: new Uint8Array(3 * 64 * 64).fill(99), width: 64, height: 64 };
      await detector.detect(photo);
      const { points } = await detector.locate(photo);
      if (String([...listeners(), typeof Worker]) !== String(before)) throw new Error('the process is changed');
      if (points.length === 136) process.exitCode = 7;`;
    const child = run(process.execPath, ['--input-type=module', '-e', script]);
    await expect(child).rejects.toMatchObject({ code: 7, stdout: '', stderr: '' });
  });

  it('throws a typed error if the package is missing', async () => {
    const folder = temporaryFolder();
    cpSync('dist/core', join(folder, 'core'), { recursive: true });
    cpSync('dist/landmarks', join(folder, 'landmarks'), { recursive: true });
    const script = `
      import { faceApiVersion, openFaceApi } from '${folder}/landmarks/face-api.js';
      const errors = [await openFaceApi().catch((error) => error)];
      try { faceApiVersion() } catch (error) { errors.push(error) }
      console.log(errors.map(({ name, code, data }) => [name, code, data.package].join(' ')).join('|'));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
    const error = 'EvopatchError MISSING_PACKAGE face-api.js';
    expect(stdout.trim()).toBe(`${error}|${error}`);
  });
});
