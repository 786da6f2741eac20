import { describe, expect, it } from 'vitest';
import { EvopatchError } from '../../src/core/errors.ts';
import { parseGenomeBounds, smallestGenome, violationOf } from '../../src/genome/bounds.ts';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { parameterCount } from '../../src/network/describe.ts';
import { BOUNDS } from './arbitraries.ts';

type Options = Parameters<typeof parseGenomeBounds>[0];

function optionAtFault(options: object): string | undefined {
  try {
    parseGenomeBounds(options as Options);
  } catch (error) {
    if (error instanceof EvopatchError && error.code === 'INVALID_OPTION') return error.data.option;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseGenomeBounds', () => {
  it('fills in the defaults', () => {
    expect(parseGenomeBounds({ classes: 7 })).toEqual({
      frame: FACE_FRAME,
      classes: 7,
      minimumPatches: 1,
      maximumPatches: 6,
      minimumSide: 8,
      maximumSide: 20,
      maximumPixels: 0.5,
      maximumOverlap: 0.25,
      minimumFilters: 4,
      maximumFilters: 48,
      minimumDenseUnits: 8,
      maximumDenseUnits: 96,
      maximumParameters: 97_000,
      maximumMacs: 14_000_000,
    });
  });

  it.each<[object, string]>([
    [{}, 'classes'],
    [{ classes: 1 }, 'classes'],
    [{ classes: 7, minimumPatches: 0 }, 'minimumPatches'],
    [{ classes: 7, minimumPatches: 7 }, 'maximumPatches'],
    [{ classes: 7, minimumSide: 21 }, 'maximumSide'],
    [{ classes: 7, maximumSide: 49 }, 'maximumSide'],
    [{ classes: 7, minimumSide: 48, maximumSide: 48, minimumPatches: 2 }, 'minimumPatches'],
    [{ classes: 7, maximumFilters: 18 }, 'maximumFilters'],
    [{ classes: 7, minimumFilters: 24, maximumFilters: 16 }, 'maximumFilters'],
    [{ classes: 7, minimumDenseUnits: 64, maximumDenseUnits: 32 }, 'maximumDenseUnits'],
    [{ classes: 7, maximumParameters: 200 }, 'maximumParameters'],
    [{ classes: 7, maximumMacs: 300 }, 'maximumMacs'],
    [{ classes: 7, maximumParameter: 5000 }, 'maximumParameter'],
    [{ classes: 7, frame: { ...FACE_FRAME, noseX: 31 } }, 'frame'],
    [{ classes: 7, frame: { ...FACE_FRAME, noseY: 60 } }, 'frame'],
    [{ classes: 7, frame: { ...FACE_FRAME, border: 32 } }, 'frame'],
    [{ classes: 7, frame: { size: 64 } }, 'frame.border'],
  ])('refuses %j', (options, option) => {
    expect(optionAtFault(options)).toBe(option);
  });

  it('allows as few parameters as the smallest network has, and no fewer', () => {
    for (const bounds of BOUNDS) {
      const minimum = parameterCount(toNetworkSpec(smallestGenome(bounds), bounds));
      expect(parseGenomeBounds({ ...bounds, maximumParameters: minimum }).maximumParameters).toBe(minimum);
      expect(optionAtFault({ ...bounds, maximumParameters: minimum - 1 })).toBe('maximumParameters');
    }
  });
});

describe('smallestGenome', () => {
  it('is canonical and within the bounds', () => {
    for (const bounds of BOUNDS) {
      const smallest = canonicalGenome(smallestGenome(bounds));
      expect(violationOf(smallest, bounds)).toBeUndefined();
      expect(smallest.patches).toHaveLength(bounds.minimumPatches);
    }
  });
});
