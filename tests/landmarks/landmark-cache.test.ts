import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { landmarkFile, readLandmarks, writeLandmarks } from '../../src/landmarks/landmark-cache.ts';
import type { LocatedFace } from '../../src/landmarks/landmark-detector.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { noise } from './photos.ts';

const real = fc.double({ noNaN: true });
const face: fc.Arbitrary<LocatedFace> = fc.record(
  {
    box: fc.record({ x: real, y: real, width: real, height: real }, { noNullPrototype: true }),
    score: real,
    points: fc.float32Array({ minLength: 136, maxLength: 136 }),
  },
  { noNullPrototype: true },
);
const found = fc.array(fc.array(face, { maxLength: 3 }), { maxLength: 5 });

const faces = (count: number): LocatedFace[] =>
  Array.from({ length: count }, (_, i) => ({
    box: { x: -3, y: i, width: 40.5, height: 1e4 },
    score: 0.25,
    points: Float32Array.from({ length: 136 }, (_, k) => k / 7 + i),
  }));

describe('a file of landmarks', () => {
  it('gives back what was written', async () => {
    const file = join(temporaryFolder(), 'a', 'b.bin');
    await fc.assert(
      fc.asyncProperty(found, async (photos) => {
        await writeLandmarks(file, photos);
        expect(await readLandmarks(file, photos.length)).toEqual(photos);
      }),
      { numRuns: 30, seed: 5 },
    );
  });

  it('is ignored after any change of a byte, a truncation or an addition', async () => {
    const file = join(temporaryFolder(), 'faces.bin');
    await writeLandmarks(file, [faces(2), [], faces(1)]);
    const bytes = readFileSync(file);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] ^= change;
        writeFileSync(file, damaged);
        expect(await readLandmarks(file, 3)).toBeUndefined();
      }),
      { numRuns: 200, seed: 6 },
    );
    for (const length of [0, 1, 8, 12, 43, 44, bytes.length - 1]) {
      writeFileSync(file, bytes.subarray(0, length));
      expect(await readLandmarks(file, 3)).toBeUndefined();
    }
    writeFileSync(file, Buffer.concat([bytes, Buffer.alloc(1)]));
    expect(await readLandmarks(file, 3)).toBeUndefined();
    writeFileSync(file, bytes);
    expect(await readLandmarks(file, 3)).toHaveLength(3);
  });

  it('is ignored or has the right form, even with a valid checksum', async () => {
    const file = join(temporaryFolder(), 'faces.bin');
    await writeLandmarks(file, [faces(2), [], faces(1)]);
    const content = readFileSync(file).subarray(0, -32);
    const seal = (bytes: Uint8Array) => {
      writeFileSync(file, Buffer.concat([bytes, createHash('sha256').update(bytes).digest()]));
    };
    const counts = [12, 16 + 2 * 584, 20 + 2 * 584]; // of the faces of each photo
    for (const [i, at] of counts.entries()) {
      for (const count of [[3, 1, 2][i], 1000, 2 ** 31, 2 ** 32 - 1]) {
        const changed = Buffer.from(content);
        expect(changed.readUInt32LE(at)).toBe([2, 0, 1][i]);
        changed.writeUInt32LE(count, at);
        seal(changed);
        expect(await readLandmarks(file, 3)).toBeUndefined();
      }
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(content.length - 1), fc.nat(255), fc.nat(600), async (at, byte, lost) => {
        const changed = Uint8Array.from(content.subarray(0, content.length - (byte % 3 === 0 ? lost : 0)));
        if (at < changed.length) changed[at] = byte;
        seal(changed);
        const read = await readLandmarks(file, 3);
        if (read !== undefined) expect(read.map((list) => list.length)).toEqual([2, 0, 1]);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it('is ignored if it is missing, a folder, or has another number of photos', async () => {
    const folder = temporaryFolder();
    expect(await readLandmarks(join(folder, 'missing'), 1)).toBeUndefined();
    expect(await readLandmarks(folder, 1)).toBeUndefined();
    const file = join(folder, 'faces.bin');
    await writeLandmarks(file, [faces(1)]);
    expect(await readLandmarks(file, 2)).toBeUndefined();
  });

  it('throws an error if it cannot be written', async () => {
    const file = join(temporaryFolder(), 'folder', 'faces.bin');
    mkdirSync(file, { recursive: true });
    await expect(writeLandmarks(file, [])).rejects.toMatchObject({ code: 'FILE_SYSTEM', data: { file } });
  });
});

describe('landmarkFile', () => {
  it('differs by version, pixels, sizes and order', () => {
    const [a, b] = [noise(4, 6, 'a'), noise(4, 6, 'b')];
    const files = [
      landmarkFile('cache', 'v1', [a, b]),
      landmarkFile('cache', 'v2', [a, b]),
      landmarkFile('cache', 'v1', [b, a]),
      landmarkFile('cache', 'v1', [a]),
      landmarkFile('cache', 'v1', [{ ...a, width: 6, height: 4 }, b]),
      landmarkFile('elsewhere', 'v1', [a, b]),
    ];
    expect(new Set(files).size).toBe(files.length);
    expect(landmarkFile('cache', 'v1', [noise(4, 6, 'a'), b])).toBe(files[0]);
    expect(dirname(files[0])).toMatch(/^cache\/landmarks\/[0-9a-f]{2}$/);
  });
});
