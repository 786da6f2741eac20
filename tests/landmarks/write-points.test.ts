import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvopatchError } from '../../src/core/errors.ts';
import { readPoints } from '../../src/landmarks/points-file.ts';
import { type PictureFaces, writePoints } from '../../src/landmarks/write-points.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

const coordinate = fc.float({ noNaN: true, noDefaultInfinity: true });
const points = fc
  .array(fc.oneof({ weight: 20, arbitrary: coordinate }, { weight: 1, arbitrary: fc.constant(Number.NaN) }), {
    minLength: 136,
    maxLength: 136,
  })
  .map((values) => Float32Array.from(values));
const faces = fc
  .array(fc.record({ score: fc.double({ min: 0, max: 1, noNaN: true }), points }), { maxLength: 3 })
  .map((list) => list.sort((a, b) => b.score - a.score));
const fileName = fc.string({
  unit: fc.oneof(
    fc.constantFrom(',', '"', '\n', '\r', '\t', ' ', '/', "'", '=', '+', '-', '@'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  minLength: 1,
});

async function* stream(pictures: readonly PictureFaces[]) {
  yield* pictures;
}

describe('writePoints', () => {
  it('writes what readPoints reads back bit for bit, by file', async () => {
    const pictures = fc.uniqueArray(fc.record({ name: fileName, faces }), {
      selector: ({ name }) => name,
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(pictures, async (list) => {
        const file = join(temporaryFolder(), 'points.csv');
        await writePoints(file, 'file', stream(list));
        const read = await readPoints(file);
        expect(read.key).toBe('file');
        expect([...read.faces.keys()].sort()).toEqual(list.map(({ name }) => name).sort());
        for (const { name, faces: written } of list) expectPoints(read.faces.get(name), written[0]?.points);
      }),
      { numRuns: 40 },
    );
  });

  it('and by row, the best face of each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(faces, { minLength: 1, maxLength: 4 }), async (list) => {
        const file = join(temporaryFolder(), 'points.csv');
        await writePoints(file, 'row', stream(list.map((each, name) => ({ name, faces: each }))));
        const read = await readPoints(file);
        expect(read.faces.size).toBe(list.length);
        for (const [row, written] of list.entries()) {
          expectPoints(read.faces.get(String(row)), written[0]?.points);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('numbers the faces of an image, and leaves the fields empty without a face', async () => {
    const file = join(temporaryFolder(), 'points.csv');
    const face = (score: number) => ({ score, points: new Float32Array(136).fill(0.1) });
    const pictures = [
      { name: 'a.png', faces: [face(0.9), face(0.5)] },
      { name: 'b, c.png', faces: [] },
    ];
    await writePoints(file, 'file', stream(pictures));
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines[0]).toMatch(/^file,face,score,x0,y0,x1,.*,x67,y67$/);
    expect(lines[1]).toBe(`a.png,0,0.9${',0.100000001'.repeat(136)}`);
    expect(lines[2]).toBe(`a.png,1,0.5${',0.100000001'.repeat(136)}`);
    expect(lines[3]).toBe(`"b, c.png",,${','.repeat(136)}`);
    expect(lines.slice(4)).toEqual(['']);
  });

  it('leaves no file if the stream fails', async () => {
    const folder = temporaryFolder();
    const problem = new EvopatchError('ABORTED', 'stopped');
    async function* failing(): AsyncGenerator<PictureFaces> {
      yield { name: 0, faces: [] };
      throw problem;
    }
    await expect(writePoints(join(folder, 'points.csv'), 'row', failing())).rejects.toBe(problem);
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** Equal bits, except the sign of zero; all unknown if nothing was written. */
function expectPoints(read: Float32Array | undefined, written: Float32Array | undefined): void {
  const wanted = written ?? new Float32Array(136).fill(Number.NaN);
  expect(Array.from(read ?? [], (value) => value + 0)).toEqual(Array.from(wanted, (value) => value + 0));
}
