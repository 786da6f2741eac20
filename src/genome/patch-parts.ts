import { FACE_REGIONS, type FaceRegion, faceRegions } from '../landmarks/face-regions.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { PatchGene } from './genome.ts';
import { rectanglesOf } from './patches.ts';

/** A patch covers a part where it holds so much of the part's pixels, or where so much of it lies on the part. */
const SHARE_OF_PART = 0.4;
const SHARE_OF_PATCH = 0.25;
/** Of a pair's half so far from the middle, as a share of the half's width, a patch is said to be on the inner or outer. */
const OFF_MIDDLE = 0.12;
const MAX_NAMES = 3;
const PAIRED: ReadonlySet<FaceRegion> = new Set(['brows', 'eyes', 'cheeks']);

/**
 * The parts of the mean aligned face that a patch and its mirror image cover, the one with the most pixels first, three at
 * most, as in `mouth, chin` or `inner brows, left eye`. Left and right are those of the picture.
 */
export function patchParts(patch: PatchGene, frame: FrameGeometry): string {
  const covered = coveredPixelsOf(patch, frame);
  const parts = regionPixels(frame).flatMap(({ region, pixels: whole }) => {
    const own = whole.filter((pixel) => covered.has(pixel));
    const isPart = own.length >= SHARE_OF_PART * whole.length || own.length >= SHARE_OF_PATCH * covered.size;
    return isPart && own.length > 0
      ? [{ name: partName(region, own, whole, frame), pixels: own.length }]
      : [];
  });
  if (parts.length === 0) return 'edge of the face';
  const ordered = parts.toSorted((a, b) => b.pixels - a.pixels);
  return ordered
    .slice(0, MAX_NAMES)
    .map(({ name }) => name)
    .join(', ');
}

function coveredPixelsOf(patch: PatchGene, frame: FrameGeometry): ReadonlySet<number> {
  const covered = new Set<number>();
  for (const { x, y, width, height } of rectanglesOf(patch, frame)) {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) covered.add(row * frame.size + column);
    }
  }
  return covered;
}

interface RegionPixels {
  readonly region: FaceRegion;
  readonly pixels: readonly number[];
}

/** A report names the patches of hundreds of genomes on one frame. */
const known = new WeakMap<FrameGeometry, readonly RegionPixels[]>();

function regionPixels(frame: FrameGeometry): readonly RegionPixels[] {
  const found = known.get(frame) ?? findRegionPixels(frame);
  known.set(frame, found);
  return found;
}

function findRegionPixels(frame: FrameGeometry): RegionPixels[] {
  const { regionOf } = faceRegions(frame);
  return FACE_REGIONS.flatMap((region, index) => {
    const pixels = [...regionOf.keys()].filter((pixel) => regionOf[pixel] === index);
    return region === 'background' ? [] : [{ region, pixels }];
  });
}

/** As in `brows`, `inner brows` or `left eye`. */
function partName(
  region: FaceRegion,
  own: readonly number[],
  whole: readonly number[],
  frame: FrameGeometry,
): string {
  if (!PAIRED.has(region)) return region;
  const across = (pixel: number) => (pixel % frame.size) - frame.noseX;
  const [left, right] = [own.some((pixel) => across(pixel) < 0), own.some((pixel) => across(pixel) > 0)];
  const side = left && right ? '' : left ? 'left ' : 'right ';
  const distances = (pixels: readonly number[]) => pixels.map((pixel) => Math.abs(across(pixel)));
  const off = (meanOf(distances(own)) - meanOf(distances(whole))) / Math.max(...distances(whole));
  const place = Math.abs(off) < OFF_MIDDLE ? '' : off < 0 ? 'inner ' : 'outer ';
  return `${place}${side}${side === '' ? region : region.slice(0, -1)}`;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
