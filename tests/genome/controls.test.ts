import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import { controlGenomes } from '../../src/genome/controls.ts';
import type { Genome } from '../../src/genome/genome.ts';
import { genomeSchema } from '../../src/genome/parse-genome.ts';
import { coveredPixels, faceSquare, rectanglesOf } from '../../src/genome/patches.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { macCount, parameterCount } from '../../src/network/describe.ts';
import { anyBounds, DEFAULT_BOUNDS, NETWORK, seeds } from './arbitraries.ts';
import { expectInsideFace } from './invariants.ts';

const NAMES = ['centre-crop', 'uniform-grid', 'hand-placed'];
const EYES_AND_MOUTH: Genome = {
  patches: [
    { dx: -10, dy: -13, width: 20, height: 16, mirrored: true, scale: 1 },
    { dx: 0, dy: 9, width: 28, height: 16, mirrored: false, scale: 1 },
  ],
  network: NETWORK,
};
const rectanglesIn = ({ patches }: Genome) => patches.flatMap((patch) => rectanglesOf(patch, FACE_FRAME));
const controlOf = (genome: Genome, name: string) => {
  const control = controlGenomes(genome, DEFAULT_BOUNDS).find((one) => one.name === name);
  return control!.genome;
};

describe('controlGenomes', () => {
  it('cover about the pixels of the genome, inside the face, for no more parameters', () => {
    fc.assert(
      fc.property(anyBounds, seeds, (bounds, seed) => {
        const genome = randomGenome(bounds, randomStream(seed));
        const controls = controlGenomes(genome, bounds);
        expect(controls.map(({ name }) => name)).toEqual(NAMES);
        expect(controlGenomes(genome, bounds)).toEqual(controls);
        for (const { genome: control } of controls) {
          expect(genomeSchema.safeParse(control).success).toBe(true);
          expect(canonicalGenome(control)).toEqual(control);
          expectInsideFace(control, bounds);
          const spec = toNetworkSpec(control, bounds);
          expect(parameterCount(spec)).toBeLessThanOrEqual(bounds.maximumParameters);
          expect(macCount(spec)).toBeLessThanOrEqual(bounds.maximumMacs);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('match the genome in pixels, network and parameters', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const genome = randomGenome(DEFAULT_BOUNDS, randomStream(seed));
        const pixels = coveredPixels(genome, FACE_FRAME);
        const budget = parameterCount(toNetworkSpec(genome, DEFAULT_BOUNDS));
        for (const { genome: control } of controlGenomes(genome, DEFAULT_BOUNDS)) {
          expect(Math.abs(coveredPixels(control, FACE_FRAME) - pixels)).toBeLessThan(0.1 * pixels + 10);
          const { branches: _b, filters, denseUnits: _d, ...rest } = control.network;
          expect(genome.network).toMatchObject(rest);
          expect(filters).toHaveLength(genome.network.filters.length);
          expect(parameterCount(toNetworkSpec(control, DEFAULT_BOUNDS))).toBeLessThanOrEqual(budget);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are one square in the centre, a grid of equal squares, and eyes and mouth', () => {
    const face = faceSquare(FACE_FRAME);
    expect(rectanglesIn(controlOf(EYES_AND_MOUTH, 'hand-placed'))).toEqual(rectanglesIn(EYES_AND_MOUTH));
    expect(controlOf(EYES_AND_MOUTH, 'hand-placed').network).toEqual(NETWORK);
    const [square] = rectanglesIn(controlOf(EYES_AND_MOUTH, 'centre-crop'));
    expect(square).toEqual({ x: 16, y: 16, width: 33, height: 33 });
    const grid = rectanglesIn(controlOf(EYES_AND_MOUTH, 'uniform-grid'));
    expect(grid).toHaveLength(4);
    for (const { x, y, width, height } of grid) {
      expect([width, height]).toEqual([16, 17]);
      expect([face.x + 4, face.x + 28]).toContain(x);
      expect([face.y + 4, face.y + 28]).toContain(y);
    }
  });

  it('have a grid of nine squares if the genome has many patches', () => {
    const patches = [-20, -10, 0, 10, 16].map((dy) => ({
      dx: -14,
      dy,
      width: 10,
      height: 10,
      mirrored: false,
    }));
    const genome: Genome = { ...EYES_AND_MOUTH, patches: patches.map((patch) => ({ ...patch, scale: 1 })) };
    const grid = rectanglesIn(controlOf(genome, 'uniform-grid'));
    expect(grid).toHaveLength(9);
    expect(new Set(grid.map(({ width, height }) => `${width}×${height}`)).size).toBe(1);
  });

  it('turn parameters saved by fewer branches into dense units', () => {
    const crop = controlOf(EYES_AND_MOUTH, 'centre-crop');
    expect(crop.network.filters).toEqual(NETWORK.filters);
    expect(crop.network.denseUnits).toBeGreaterThan(NETWORK.denseUnits);
  });

  it('read at the scale of the largest patch if their squares are large enough', () => {
    const [eyes, mouth] = EYES_AND_MOUTH.patches;
    const genome: Genome = { ...EYES_AND_MOUTH, patches: [eyes, { ...mouth, scale: 2 }] };
    for (const { genome: control } of controlGenomes(genome, DEFAULT_BOUNDS)) {
      expect(control.patches.map(({ scale }) => scale)).toEqual(control.patches.map(() => 2));
    }
    const tiny: Genome = { ...genome, patches: [{ ...mouth, width: 16, height: 16, scale: 2 }] };
    expect(controlOf(tiny, 'centre-crop').patches[0].scale).toBe(2);
    expect(controlOf(tiny, 'uniform-grid').patches[0].scale).toBe(1);
  });

  it('stay within very tight bounds', () => {
    const bounds = parseGenomeBounds({ classes: 7, maximumParameters: 700, maximumMacs: 20_000 });
    for (let index = 0; index < 20; index++) {
      const genome = randomGenome(bounds, randomStream('hardly', index));
      for (const { genome: control } of controlGenomes(genome, bounds)) {
        expect(parameterCount(toNetworkSpec(control, bounds))).toBeLessThanOrEqual(700);
        expect(macCount(toNetworkSpec(control, bounds))).toBeLessThanOrEqual(20_000);
      }
    }
  });
});
