import { EvopatchError } from '../core/errors.ts';
import { FACE_REGIONS, type FaceRegion, type FaceRegions, faceRegions } from '../landmarks/face-regions.ts';
import type { FaceGrid } from '../landmarks/frame-geometry.ts';

/** Says how much of a map lies on one part of the face. */
export interface RegionShare {
  readonly region: FaceRegion;
  /** Share of the map's mass, 0 to 1; the shares of all regions sum to 1. */
  readonly share: number;
  /** Share of the frame's pixels. */
  readonly area: number;
  /** Share of the mass divided by share of the area: 1 for a constant map, 0 for a region without pixels. */
  readonly density: number;
}

/**
 * Divides a map among the parts of the face, in the order of `FACE_REGIONS`. Only values above 0 count, because the
 * network does better without a pixel of negative value. Returns `null` for a map without values above 0.
 *
 * @param regions @defaultValue those of the mean face
 * @throws EvopatchError `INVALID_OPTION` if map and regions differ in size.
 */
export function regionShares(
  grid: FaceGrid,
  regions: FaceRegions = faceRegions(),
): readonly RegionShare[] | null {
  if (grid.size !== regions.size || grid.values.length !== regions.regionOf.length) {
    const problem = `the map must have ${regions.size}×${regions.size} pixels`;
    throw new EvopatchError('INVALID_OPTION', problem, { option: 'grid', given: grid.size });
  }
  const masses = new Float64Array(FACE_REGIONS.length);
  const pixels = new Uint32Array(FACE_REGIONS.length);
  for (const [pixel, region] of regions.regionOf.entries()) {
    pixels[region]++;
    masses[region] += Math.max(grid.values[pixel], 0);
  }
  const mass = masses.reduce((sum, part) => sum + part, 0);
  if (!(mass > 0)) return null;
  return FACE_REGIONS.map((region, index) => {
    const share = masses[index] / mass;
    const area = pixels[index] / grid.values.length;
    return { region, share, area, density: area === 0 ? 0 : share / area };
  });
}

/** Adds up the shares of some regions. */
export function shareOf(shares: readonly RegionShare[], ...regions: readonly FaceRegion[]): number {
  return shares.reduce((sum, { region, share }) => (regions.includes(region) ? sum + share : sum), 0);
}
