import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import type { Genome, PatchGene } from '../../src/genome/genome.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { consensusMap } from '../../src/maps/consensus.ts';
import { recurringPatches } from '../../src/maps/recurring-patches.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { EYES_AND_MOUTH } from './faces.ts';

const MOUTH: PatchGene = { dx: -7, dy: 9, width: 14, height: 12, mirrored: true, scale: 1 };
const BROW: PatchGene = { dx: -12, dy: -20, width: 14, height: 8, mirrored: false, scale: 1 };
const of = (...patches: PatchGene[]): Genome => canonicalGenome({ ...EYES_AND_MOUTH, patches });
const moved = (patch: PatchGene, by: number): PatchGene => ({ ...patch, dy: patch.dy + by });

describe('recurringPatches', () => {
  test('groups patches of about the same pixels, and counts each genome once', () => {
    const genomes = [of(MOUTH), of(moved(MOUTH, 2), BROW), of(moved(MOUTH, 1), moved(BROW, 14))];
    const [first, ...others] = recurringPatches(genomes, FACE_FRAME);
    expect(first).toEqual({ patch: moved(MOUTH, 1), genomes: 3, name: expect.stringContaining('mouth') });
    expect(others.map(({ genomes }) => genomes)).toEqual([1, 1]);
    const twice = of(MOUTH, { ...moved(MOUTH, 3), scale: 2 });
    expect(recurringPatches([twice], FACE_FRAME)).toMatchObject([{ genomes: 1 }]);
  });

  test('takes two patches on both sides for a pair', () => {
    const left: PatchGene = { ...MOUTH, width: 12, mirrored: false };
    const right: PatchGene = { ...left, dx: 7 };
    const [first, ...others] = recurringPatches([of(MOUTH), of(left, right)], FACE_FRAME);
    expect(first).toMatchObject({ genomes: 2, patch: { mirrored: true, height: MOUTH.height } });
    expect(others).toEqual([]);
    const apart = recurringPatches([of(MOUTH), of(left)], FACE_FRAME);
    expect(apart.map(({ genomes, patch }) => [genomes, patch.mirrored])).toEqual([
      [2, false],
      [1, false],
    ]);
  });

  test('does not depend on the order of the genomes', () => {
    const genomes = [of(MOUTH, BROW), of(moved(MOUTH, 3)), of(moved(BROW, 2)), of(moved(MOUTH, -2))];
    const groups = recurringPatches(genomes, FACE_FRAME);
    expect(groups.map(({ genomes }) => genomes)).toEqual([3, 2]);
    expect(recurringPatches(genomes.toReversed(), FACE_FRAME)).toEqual(groups);
  });

  test('leaves patches apart that share less than a third', () => {
    const shared = (by: number) => recurringPatches([of(BROW), of(moved(BROW, by))], FACE_FRAME).length;
    expect(shared(4)).toBe(1); // 4 of 12 rows
    expect(shared(5)).toBe(2); // 3 of 13
  });
});

describe('consensusMap', () => {
  const genomes = [of(MOUTH), of(MOUTH, BROW), of(BROW)];

  test('counts the pixels that more than half of the runs read', () => {
    const map = consensusMap({ genomes, frame: FACE_FRAME }).toJson();
    expect(map).toMatchObject({ runs: 3, pixels: 2 * 14 * 12 + 14 * 8 });
    expect(map.faceShare).toBeCloseTo(map.pixels / 48 ** 2, 12);
    const half = consensusMap({ genomes: [of(MOUTH), of(BROW)], frame: FACE_FRAME }).toJson();
    expect(half.pixels).toBe(0); // one of two is not more than half
    const lit = map.rows.flat().filter((share) => share > 0.5).length;
    expect(lit).toBe(map.pixels);
  });

  test('is saved as picture, vectors and numbers, and names what recurs', async () => {
    const map = consensusMap({ genomes, frame: FACE_FRAME, notes: ['Agreement 0.5.'] });
    const folder = temporaryFolder();
    for (const ending of ['png', 'svg', 'json']) await map.save(join(folder, `map.${ending}`));
    expect(JSON.parse(readFileSync(join(folder, 'map.json'), 'utf8'))).toEqual(map.toJson());
    expect(
      [...readFileSync(join(folder, 'map.png')).subarray(1, 4)]
        .map((byte) => String.fromCharCode(byte))
        .join(''),
    ).toBe('PNG');
    const svg = readFileSync(join(folder, 'map.svg'), 'utf8');
    for (const text of ['What most of 3 runs read', '2 of 3 runs', 'Agreement 0.5.'])
      expect(svg).toContain(text);
    expect(svg).not.toContain('1 of 3 runs');
    await expect(map.save(join(folder, 'map.csv'))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  test('outlines halves of a pair that meet in the middle together', () => {
    const badges = (patch: PatchGene) => {
      const svg = consensusMap({ genomes: [of(patch), of(patch)], frame: FACE_FRAME }).toSvg();
      return svg.match(/>1</g)?.length;
    };
    const legend = 1;
    expect(badges(MOUTH)).toBe(legend + 1);
    expect(badges({ ...MOUTH, dx: -8, width: 12 })).toBe(legend + 2);
  });

  test('needs two genomes', () => {
    expect(() => consensusMap({ genomes: [of(MOUTH)], frame: FACE_FRAME })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});
