import { FACE_REGIONS, type FaceRegion, faceRegions } from '../landmarks/face-regions.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import { countPixels } from '../network/read-pixels.ts';
import type { Genome, PatchGene } from './genome.ts';
import { coveredPixels, pixelsOf } from './patches.ts';

/** A patch covers a part if it holds this share of the part's pixels, or if this share of its own lies on the part. */
const MIN_SHARE_OF_PART = 0.4;
const MIN_SHARE_OF_PATCH = 0.25;
/** From this offset from the middle of a paired part, as a share of its width, a patch is on its inner or outer side. */
const MIN_OFF_MIDDLE = 0.12;
const MAX_NAMES = 3;
const PAIRED: ReadonlySet<FaceRegion> = new Set(['brows', 'eyes', 'cheeks']);

/**
 * Names up to three parts of the mean aligned face that a patch and its mirror image cover, the one with most pixels
 * first, as in `mouth, chin` or `inner brows, left eye`. Left and right are those of the picture.
 */
export function patchParts(patch: PatchGene, frame: FrameGeometry): string {
  const covered = pixelsOf([patch], frame);
  const area = countPixels(covered);
  const parts = regionPixels(frame).flatMap(({ region, pixels: whole }) => {
    const own = whole.filter((pixel) => covered[pixel] === 1);
    const isPart = own.length >= MIN_SHARE_OF_PART * whole.length || own.length >= MIN_SHARE_OF_PATCH * area;
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

/** Names the parts of the mean aligned face that a genome reads, patch by patch, the largest first: `mouth; inner brows`. */
export function genomeParts({ patches }: Pick<Genome, 'patches'>, frame: FrameGeometry): string {
  const ordered = patches.toSorted((a, b) => pixelsRead(b, frame) - pixelsRead(a, frame));
  return [...new Set(ordered.map((patch) => patchParts(patch, frame)))].join('; ');
}

function pixelsRead(patch: PatchGene, frame: FrameGeometry): number {
  return coveredPixels({ patches: [patch] }, frame);
}

interface RegionPixels {
  readonly region: FaceRegion;
  readonly pixels: readonly number[];
}

/** Cached, because a report names the patches of hundreds of genomes on one frame. */
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

/** Names a part, as in `brows`, `inner brows` or `left eye`. */
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
  const position = Math.abs(off) < MIN_OFF_MIDDLE ? '' : off < 0 ? 'inner ' : 'outer ';
  return `${position}${side}${side === '' ? region : region.slice(0, -1)}`;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
