import type { NetworkSpec } from '../network/spec.ts';
import type { GenomeBounds } from './bounds.ts';
import { centred, FACE_PARTS, placePart, type Size } from './face-parts.ts';
import type { Genome, PatchGene } from './genome.ts';
import { coveredPixels, faceSquare, patchAt, type Rectangle } from './patches.ts';
import { canBeHalved } from './random.ts';
import { replacePatches } from './replace-patches.ts';
import { singleViewNetwork } from './single-view.ts';
import { toNetworkSpec } from './to-network-spec.ts';
import { wholeFaceControl } from './whole-face.ts';

/** The controls that need no search. All except the last read no more pixels than the genome. */
export const PLAIN_CONTROLS = [
  'centre-crop',
  'uniform-grid',
  'hand-placed',
  'reduced-face',
  'whole-face',
] as const;

/** A network that nobody searched for. */
export interface ControlNetwork {
  readonly control: (typeof PLAIN_CONTROLS)[number];
  readonly spec: NetworkSpec;
  /** Pixels that it reads; of the reduced face, those that are left. */
  readonly pixels: number;
  /** Where it looks, unless at the whole face. */
  readonly patches?: readonly PatchGene[];
}

/**
 * Builds the networks that a genome must beat for its places to matter: a square in the centre of the face; a grid of 2×2 or
 * 3×3 squares (whichever has nearer to the genome's number of patch genes); eyes with brows and mouth, placed by hand; the whole
 * face reduced to a smaller square; and the whole face as it is. All except the last read as many pixels as the genome, or as few
 * less as whole pixels allow. Crop, grid and patches by hand have the scale of the genome's largest patch where there is room.
 * Each is a network of the genome's kind, whose sizes are fitted to the genome's parameters, and never has more.
 *
 * @param genome a canonical genome within the bounds
 */
export function controlNetworks(genome: Genome, bounds: GenomeBounds): ControlNetwork[] {
  const { frame } = bounds;
  const face = faceSquare(frame);
  const pixels = coveredPixels(genome, frame);
  const [{ scale }] = genome.patches.toSorted((a, b) => b.width * b.height - a.width * a.height);
  const square = squareOf(pixels, face.width);
  const middle = face.width / 2;
  const crop = centred(face.x + middle, face.y + middle, square, face);
  const onPatches = (control: ControlNetwork['control'], patches: readonly PatchGene[]) => {
    const other = replacePatches(genome, patches, bounds);
    const spec = { ...toNetworkSpec(other, bounds), name: control };
    return { control, spec, pixels: coveredPixels(other, frame), patches: other.patches };
  };
  const scaled = (rectangle: Rectangle, mirrored: boolean) => {
    return patchAt(rectangle, { mirrored, scale: canBeHalved(rectangle, bounds) ? scale : 1 }, frame);
  };
  const cropPatch = scaled(crop, false);
  const cropSize = {
    width: Math.floor(crop.width / cropPatch.scale),
    height: Math.floor(crop.height / cropPatch.scale),
  };
  return [
    {
      control: 'centre-crop',
      spec: singleViewNetwork('centre-crop', genome, { rectangle: crop, size: cropSize }, bounds),
      pixels: areaOf(crop),
      patches: [cropPatch],
    },
    onPatches('uniform-grid', uniformGrid(genome.patches.length <= 4 ? 2 : 3, pixels, face, scaled)),
    onPatches('hand-placed', handPlaced(pixels, bounds, scaled)),
    {
      control: 'reduced-face',
      spec: singleViewNetwork('reduced-face', genome, { rectangle: face, size: square }, bounds),
      pixels: areaOf(square),
    },
    { control: 'whole-face', spec: wholeFaceControl(genome, bounds), pixels: areaOf(face) },
  ];
}

type ToPatch = (rectangle: Rectangle, mirrored: boolean) => PatchGene;

/**
 * Centres n×n parts of a square in n×n equal parts of the face. They differ by at most a pixel in width and in height; those left
 * and right of the nose are pairs.
 */
function uniformGrid(n: 2 | 3, pixels: number, face: Rectangle, toPatch: ToPatch): PatchGene[] {
  const { width, height } = squareOf(pixels, face.width, n === 2 ? 2 : 1);
  const outer = Math.max(1, Math.round(width / n));
  const columns = n === 2 ? [outer] : [outer, Math.max(1, width - 2 * outer)];
  const middle = (index: number) => ((index + 1 / 2) * face.width) / n;
  return Array.from({ length: n }, (_, row) => {
    const rowHeight = Math.max(1, Math.floor(((row + 1) * height) / n) - Math.floor((row * height) / n));
    return columns.map((columnWidth, column) => {
      const size = { width: columnWidth, height: rowHeight };
      return toPatch(centred(face.x + middle(column), face.y + middle(row), size, face), 2 * column + 1 < n);
    });
  }).flat();
}

/** At this factor the parts together cover the whole face. */
const MAX_FACTOR = 3;
const FACTOR_STEPS = 32;
/** Heights of the parts relative to their widths, the usual one first; slight changes use up the pixels. */
const STRETCHES = [1, 0.95, 1.05, 0.9, 1.1];

/** Scales eyes with brows and mouth about their centres until they cover as many of the pixels as possible. */
function handPlaced(pixels: number, { frame }: GenomeBounds, toPatch: ToPatch): PatchGene[] {
  const candidates = STRETCHES.flatMap((stretch) =>
    Array.from({ length: MAX_FACTOR * FACTOR_STEPS }, (_, index) => {
      const factor = (index + 1) / FACTOR_STEPS;
      return [FACE_PARTS.eyesWithBrows, FACE_PARTS.mouth].map((part) => {
        return toPatch(placePart(part, frame, factor, stretch * factor), part.mirrored);
      });
    }),
  );
  let [best] = candidates; // the smallest
  let most = 0;
  for (const patches of candidates) {
    const covered = coveredPixels({ patches }, frame);
    if (covered <= most || covered > pixels) continue;
    best = patches;
    most = covered;
  }
  return best;
}

/**
 * Finds the rectangle with most pixels, up to `area`, that is a square to within about a fifth and the step; of equals the
 * squarest.
 *
 * @param step what the width is a multiple of
 */
function squareOf(area: number, maximum: number, step = 1): Size {
  const side = Math.sqrt(area);
  let best: Size = { width: step, height: 1 };
  for (let width = step; width <= Math.min(1.1 * side, maximum); width += step) {
    const height = Math.min(Math.floor(area / width), maximum);
    if (height > 1.2 * width + step) continue;
    const [more, before] = [width * height, areaOf(best)];
    const isSquarer = Math.abs(width - height) < Math.abs(best.width - best.height);
    if (more > before || (more === before && isSquarer)) best = { width, height };
  }
  return best;
}

function areaOf({ width, height }: Size): number {
  return width * height;
}
