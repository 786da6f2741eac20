import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { assessMaps } from '../../research/saliency/map-scores.js';
import { EXPRESSIONS } from '../../src/data/synthetic/action-units.ts';
import { syntheticDifferences } from '../../src/data/synthetic/difference-map.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';

const { size } = FACE_FRAME;
const { overall, perClass } = syntheticDifferences();
const mapsOf = (all, classes) => ({
  grid: { size, values: all },
  perClass: EXPRESSIONS.map((name, i) => ({ class: name, samples: 1, grid: { size, values: classes[i] } })),
});
/** Reads the lower half of the frame. */
const lower = Uint8Array.from({ length: size * size }, (_, pixel) => (pixel >= (size * size) / 2 ? 1 : 0));

describe('assessMaps', () => {
  test('is 1 throughout for the truth', () => {
    const { face, read } = assessMaps(mapsOf(overall, perClass), lower, FACE_FRAME);
    for (const { overall: all, perClass: mean } of [face, read]) {
      expect(all.pointing).toBe(1);
      expect(all.averagePrecision).toBeCloseTo(1, 12);
      expect(mean.pointing).toBeCloseTo(1, 12);
      expect(mean.averagePrecision).toBeCloseTo(1, 12);
      expect(all.chance).toBeLessThan(0.3);
    }
  });

  test('is chance for what is read, among what is read', () => {
    const even = Float64Array.from(lower);
    const { read, face } = assessMaps(
      mapsOf(
        even,
        EXPRESSIONS.map(() => even),
      ),
      lower,
      FACE_FRAME,
    );
    expect(read.overall.averagePrecision).toBeCloseTo(read.overall.chance, 12);
    expect(read.perClass.averagePrecision).toBeCloseTo(read.perClass.chance, 12);
    expect(face.overall.averagePrecision).not.toBeCloseTo(face.overall.chance, 3);
  });

  test('tells one class from another', () => {
    const others = EXPRESSIONS.map((_, i) => perClass[(i + 1) % perClass.length]);
    const { face } = assessMaps(mapsOf(overall, others), lower, FACE_FRAME);
    expect(face.overall.averagePrecision).toBeCloseTo(1, 12);
    expect(face.perClass.averagePrecision).toBeLessThan(0.7);
  });
});

test('saliency.js prints a row for each method and for chance', async () => {
  const script = fileURLToPath(new URL('../../research/saliency/score-maps.js', import.meta.url));
  const small = ['--faces', '350', '--epochs', '2', '--limit', '21'];
  const run = (...args) => promisify(execFile)(process.execPath, [script, ...small, ...args]);
  const { stdout } = await run();
  const rows = ['occlusion, sliding', 'occlusion, by patch', 'gradient', 'guided', 'integrated', 'grad-cam'];
  for (const row of [...rows, 'what is read', 'chance']) {
    expect(stdout).toMatch(new RegExp(`^${row}( +\\d\\.\\d\\d){8}$`, 'm'));
  }
  const { methods, samples, accuracy } = JSON.parse((await run('--network', 'face', '--json')).stdout);
  expect(samples).toBe(21);
  expect(accuracy).toBeGreaterThanOrEqual(0);
  expect(methods.map(({ method }) => method)).toEqual([
    ...rows.filter((row) => row !== 'occlusion, by patch'),
    'what is read',
  ]);
  await expect(run('--network', 'toString')).rejects.toThrow('--network is patches or face');
});
