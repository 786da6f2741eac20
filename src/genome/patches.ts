import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import { countPixels, pixelsInside } from '../network/read-pixels.ts';
import type { Genome, PatchGene } from './genome.ts';

/** Columns x … x + width − 1 and rows y … y + height − 1 of a frame. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Returns the rectangle of a patch in the frame; for a mirrored pair, that of the patch itself. */
export function rectangleOf(patch: PatchGene, frame: FrameGeometry): Rectangle {
  return {
    x: frame.noseX + patch.dx - Math.floor(patch.width / 2),
    y: frame.noseY + patch.dy - Math.floor(patch.height / 2),
    width: patch.width,
    height: patch.height,
  };
}

/** Makes a patch of a rectangle; the inverse of `rectangleOf`. */
export function patchAt(
  { x, y, width, height }: Rectangle,
  { mirrored, scale }: Pick<PatchGene, 'mirrored' | 'scale'>,
  frame: FrameGeometry,
): PatchGene {
  const dx = x + Math.floor(width / 2) - frame.noseX;
  const dy = y + Math.floor(height / 2) - frame.noseY;
  return { dx, dy, width, height, mirrored, scale };
}

/** Mirrors a patch about the vertical line through the nose; two mirrorings give the patch again. */
export function mirrorImage(patch: PatchGene): PatchGene {
  // The nose lies between two pixels, so an odd width has its centre pixel half a pixel off the true centre.
  return { ...patch, dx: 0 - patch.dx - (patch.width % 2) };
}

/** Lists every rectangle that is read: a patch, or a patch and then its mirror image. */
export function rectanglesOf(patch: PatchGene, frame: FrameGeometry): Rectangle[] {
  const own = rectangleOf(patch, frame);
  return patch.mirrored ? [own, rectangleOf(mirrorImage(patch), frame)] : [own];
}

/** Marks the pixels of the frame that patches read, mirror images included: 1 or 0, [size][size]. */
export function pixelsOf(patches: readonly PatchGene[], frame: FrameGeometry): Uint8Array {
  return pixelsInside(
    patches.flatMap((patch) => rectanglesOf(patch, frame)),
    frame.size,
  );
}

/** Counts the pixels of the frame that at least one patch reads, mirror images included. */
export function coveredPixels({ patches }: Pick<Genome, 'patches'>, frame: FrameGeometry): number {
  return countPixels(pixelsOf(patches, frame));
}

/** Finds the largest share of a rectangle that another one also reads; the halves of a pair are two rectangles. */
export function largestOverlap(patches: readonly PatchGene[], frame: FrameGeometry): number {
  const rectangles = patches.flatMap((patch) => rectanglesOf(patch, frame));
  let largest = 0;
  for (let first = 0; first < rectangles.length; first++) {
    for (let second = first + 1; second < rectangles.length; second++) {
      largest = Math.max(largest, overlap(rectangles[first], rectangles[second]));
    }
  }
  return largest;
}

/** Computes the area that two rectangles share, as a share of the smaller one. */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(a.width * a.height, b.width * b.height);
}

/** Leaves out the patches that overlap too much, with themselves or with one before them. */
export function withoutOverlaps(
  patches: readonly PatchGene[],
  { frame, maximumOverlap }: { readonly frame: FrameGeometry; readonly maximumOverlap: number },
): PatchGene[] {
  const kept: PatchGene[] = [];
  for (const patch of patches) {
    if (largestOverlap([...kept, patch], frame) <= maximumOverlap) kept.push(patch);
  }
  return kept;
}

/** Returns the square of the frame that the face fills: all pixels except the border. */
export function faceSquare(frame: FrameGeometry): Rectangle {
  const side = frame.size - 2 * frame.border;
  return { x: frame.border, y: frame.border, width: side, height: side };
}

export function contains(outer: Rectangle, inner: Rectangle): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** Moves a rectangle as little as possible to bring it inside `outer`, which is at least as large. */
export function moveInside(rectangle: Rectangle, outer: Rectangle): Rectangle {
  const { width, height } = rectangle;
  return {
    x: Math.min(Math.max(rectangle.x, outer.x), outer.x + outer.width - width),
    y: Math.min(Math.max(rectangle.y, outer.y), outer.y + outer.height - height),
    width,
    height,
  };
}

/** Returns the smallest rectangle around two. */
export function boundingBox(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  const width = Math.max(a.x + a.width, b.x + b.width) - x;
  const height = Math.max(a.y + a.height, b.y + b.height) - y;
  return { x, y, width, height };
}

/**
 * Brings equal sets of patches into one form. The left half stands for a pair; a pair whose halves overlap by more than
 * half becomes a single patch; no rectangle is read twice, and one that is listed at both resolutions is read at the full
 * one. Patches are sorted by rows, then columns, then size.
 */
export function canonicalPatches(patches: readonly PatchGene[]): PatchGene[] {
  const canonical = patches.map(canonicalPatch).sort(compare);
  const read: PatchGene[] = [];
  // Pairs come first, so that a single patch that repeats one of their halves is left out.
  const claims = (patch: PatchGene) => {
    if (read.some((other) => isOn(patch, other))) return false;
    read.push(patch);
    if (patch.mirrored) read.push(mirrorImage(patch));
    return true;
  };
  const pairs = canonical.filter((patch) => patch.mirrored && claims(patch));
  const singles = canonical.filter((patch) => !patch.mirrored && claims(patch));
  return [...pairs, ...singles].sort(compare);
}

function canonicalPatch({ dx, dy, width, height, mirrored, scale }: PatchGene): PatchGene {
  const patch = { dx, dy, width, height, mirrored, scale };
  if (!mirrored) return patch;
  const left = 2 * dx + (width % 2) > 0 ? mirrorImage(patch) : patch;
  const beyondNose = Math.max(0, left.dx + Math.ceil(width / 2)); // columns right of the nose
  const overlap = 2 * beyondNose;
  return 2 * overlap > width ? { ...left, mirrored: false } : left;
}

function compare(a: PatchGene, b: PatchGene): number {
  return a.dy - b.dy || a.dx - b.dx || a.height - b.height || a.width - b.width || a.scale - b.scale;
}

/** Whether two patches are the same in every gene. */
export function isSamePatch(a: PatchGene, b: PatchGene): boolean {
  return isOn(a, b) && a.mirrored === b.mirrored && a.scale === b.scale;
}

/** Whether two patches have the same rectangle. */
function isOn(a: PatchGene, b: PatchGene): boolean {
  return a.dx === b.dx && a.dy === b.dy && a.width === b.width && a.height === b.height;
}
