import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import type { GenomeBounds } from '../../src/genome/bounds.ts';
import { controlNetworks, PLAIN_CONTROLS } from '../../src/genome/controls.ts';
import type { Genome } from '../../src/genome/genome.ts';
import { growNetwork } from '../../src/genome/grow.ts';
import { coveredPixels, faceSquare } from '../../src/genome/patches.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { describeNetwork, networkCost, parameterCount } from '../../src/network/describe.ts';
import { countPixels, readPixels } from '../../src/network/read-pixels.ts';
import type { CropLayer, NetworkSpec } from '../../src/network/spec.ts';
import { anyBounds, DEFAULT_BOUNDS, NETWORK, seeds } from './arbitraries.ts';

const EYES_AND_MOUTH: Genome = {
  patches: [
    { dx: -10, dy: -13, width: 20, height: 16, mirrored: true, scale: 1 },
    { dx: 0, dy: 9, width: 28, height: 16, mirrored: false, scale: 1 },
  ],
  network: NETWORK,
};
const controlOf = (genome: Genome, name: string, bounds: GenomeBounds = DEFAULT_BOUNDS) => {
  return controlNetworks(genome, bounds).find(({ control }) => control === name)!;
};
const cropsOf = ({ layers }: NetworkSpec) => {
  return layers.filter((layer): layer is CropLayer => layer.kind === 'crop');
};
const sizesOf = (spec: NetworkSpec) => cropsOf(spec).map(({ width, height }) => [width, height]);

describe('controlNetworks', () => {
  it('read no more pixels than the genome, and no more parameters as far as a network can be that small', () => {
    fc.assert(
      fc.property(anyBounds, seeds, (bounds, seed) => {
        const genome = randomGenome(bounds, randomStream(seed));
        const controls = controlNetworks(genome, bounds);
        expect(controls.map(({ control }) => control)).toEqual(PLAIN_CONTROLS);
        expect(controlNetworks(genome, bounds)).toEqual(controls);
        const most = coveredPixels(genome, bounds.frame);
        const face = faceSquare(bounds.frame).width ** 2;
        for (const { control, spec, pixels, patches } of controls) {
          if (patches !== undefined) expect(coveredPixels({ patches }, bounds.frame)).toBe(pixels);
          const read = countPixels(readPixels(spec));
          expect(read).toBe(control === 'reduced-face' ? face : pixels);
          if (control === 'whole-face') expect(pixels).toBe(face);
          else expect(pixels).toBeLessThanOrEqual(Math.max(most, 9)); // a part has at least one pixel
          expect(networkCost(spec).macs).toBeLessThanOrEqual(bounds.maximumMacs);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('have as many pixels and parameters as whole pixels, filters and units allow', () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, isGrown) => {
        const drawn = randomGenome(DEFAULT_BOUNDS, randomStream(seed));
        const genome = isGrown ? growNetwork(drawn, DEFAULT_BOUNDS) : drawn;
        const most = coveredPixels(genome, FACE_FRAME);
        const budget = parameterCount(toNetworkSpec(genome, DEFAULT_BOUNDS));
        fc.pre(budget > 1500); // no network on nine patches is smaller than the smallest genomes
        for (const { control, spec, pixels } of controlNetworks(genome, DEFAULT_BOUNDS)) {
          // The last row or column that would not fit, of each of up to three rows of patches.
          if (control !== 'whole-face') expect(most - pixels).toBeLessThan(2 * Math.sqrt(most));
          const { parameters } = networkCost(spec);
          expect(parameters).toBeLessThanOrEqual(budget);
          const isSingleView = ['centre-crop', 'reduced-face'].includes(control);
          expect(parameters).toBeGreaterThan((isSingleView ? 0.95 : 0.4) * budget);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are one square in the centre, a grid of equal parts, eyes and mouth, and the face twice', () => {
    const face = faceSquare(FACE_FRAME);
    const hand = controlOf(EYES_AND_MOUTH, 'hand-placed');
    expect(cropsOf(hand.spec)).toEqual(cropsOf(toNetworkSpec(EYES_AND_MOUTH, DEFAULT_BOUNDS)));
    expect(parameterCount(hand.spec)).toBe(parameterCount(toNetworkSpec(EYES_AND_MOUTH, DEFAULT_BOUNDS)));
    const [crop] = cropsOf(controlOf(EYES_AND_MOUTH, 'centre-crop').spec);
    expect(crop).toMatchObject({ x: 16, y: 15, width: 32, height: 34 }); // 1,088 pixels
    const grid = cropsOf(controlOf(EYES_AND_MOUTH, 'uniform-grid').spec);
    expect(grid).toHaveLength(4);
    for (const { x, y, width, height } of grid) {
      expect([width, height]).toEqual([16, 17]);
      expect([face.x + 4, face.x + 28]).toContain(x);
      expect([face.y + 4, face.y + 28]).toContain(y);
    }
    const reduced = describeNetwork(controlOf(EYES_AND_MOUTH, 'reduced-face').spec);
    expect(reduced.find(({ layer }) => layer.name === 'face.size')?.output).toEqual({
      channels: 1,
      width: 32,
      height: 34,
    });
    expect(sizesOf(controlOf(EYES_AND_MOUTH, 'whole-face').spec)).toEqual([
      [48, 48],
      [48, 48], // its mirror image, since the genome reads pairs in both orders
    ]);
  });

  it('reduce the face by averages, and interpolate only for what whole factors leave', () => {
    const reducedBy = (side: number) => {
      const patch = { dx: 0, dy: 0, width: side, height: side, mirrored: false, scale: 1 } as const;
      const { spec } = controlOf({ ...EYES_AND_MOUTH, patches: [patch] }, 'reduced-face');
      return spec.layers.slice(1, 3).map(({ kind, name }) => [kind, name]);
    };
    expect(reducedBy(24)[0]).toEqual(['average-pool', 'face.scale']);
    expect(reducedBy(24)[1][0]).toBe('conv2d');
    expect(reducedBy(36)[0]).toEqual(['resize', 'face.size']);
    expect(reducedBy(18)).toEqual([
      ['average-pool', 'face.scale'],
      ['resize', 'face.size'],
    ]);
  });

  it('have a grid of nine parts if the genome has many patches', () => {
    const patches = [-20, -10, 0, 10, 16].map((dy) => ({
      ...{ dx: -14, dy, width: 10, height: 10, mirrored: false, scale: 1 as const },
    }));
    const sides = sizesOf(controlOf({ ...EYES_AND_MOUTH, patches }, 'uniform-grid').spec).flat();
    expect(sides).toHaveLength(18);
    expect(Math.max(...sides) - Math.min(...sides)).toBeLessThanOrEqual(2);
  });

  it('read at the scale of the largest patch if they are large enough', () => {
    const [eyes, mouth] = EYES_AND_MOUTH.patches;
    const halved = (genome: Genome, name: string) => {
      return controlOf(genome, name).spec.layers.some(({ kind }) => kind === 'average-pool');
    };
    const genome: Genome = { ...EYES_AND_MOUTH, patches: [eyes, { ...mouth, scale: 2 }] };
    for (const name of ['centre-crop', 'uniform-grid', 'hand-placed']) {
      expect(halved(genome, name)).toBe(true);
      expect(halved(EYES_AND_MOUTH, name)).toBe(false);
    }
    const tiny: Genome = { ...genome, patches: [{ ...mouth, width: 16, height: 16, scale: 2 }] };
    expect(halved(tiny, 'centre-crop')).toBe(true);
    expect(halved(tiny, 'uniform-grid')).toBe(false);
  });
});
