import * as z from 'zod';
import { parse } from '../core/parse.ts';
import { FACE_FRAME, type FrameGeometry } from '../landmarks/frame-geometry.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome } from './genome.ts';
import { genomeCost } from './genome-cost.ts';
import { NETWORK, type NetworkBounds, networkBoundsShape } from './network-genes.ts';
import { contains, coveredPixels, faceSquare, largestOverlap, patchAt, rectangleOf } from './patches.ts';

/** Limits the genomes of a run; both ends are included. */
export interface GenomeBounds extends NetworkBounds {
  readonly frame: FrameGeometry;
  readonly classes: number;
  /** Number of patch genes; a mirrored pair counts once. */
  readonly minimumPatches: number;
  readonly maximumPatches: number;
  /** Sides of a patch, pixels; one that is read at half resolution has sides of at least twice the minimum. */
  readonly minimumSide: number;
  readonly maximumSide: number;
  /** Maximum share of the face's pixels that the patches may read, above 0 to 1. */
  readonly maximumPixels: number;
  /**
   * Maximum share of a patch, or of one half of a pair, that another may also read, 0 to 1: near-copies of a patch and
   * patches inside others only cost.
   */
  readonly maximumOverlap: number;
  /** Maximum number of trainable parameters of the network; the default is a twentieth of the full-face baseline's. */
  readonly maximumParameters: number;
  /** Maximum multiply-accumulates of a forward pass; the default is 1.4 times those of the full-face baseline. */
  readonly maximumMacs: number;
}

const count = z.int().min(1);
const frame: z.ZodType<FrameGeometry> = z.strictObject({
  size: z.int().min(1).max(512),
  border: z.int().min(0),
  noseX: z.int(),
  noseY: z.int(),
});

/** Bounds with their defaults; refuses those that no genome, or not enough of them, can meet. */
export const genomeBoundsSchema = z
  .strictObject({
    frame: frame.default(FACE_FRAME),
    classes: z.int().min(2).max(256),
    minimumPatches: count.default(1),
    maximumPatches: count.max(32).default(6),
    minimumSide: count.default(8),
    maximumSide: count.default(20),
    maximumPixels: z.number().positive().max(1).default(0.5),
    maximumOverlap: z.number().min(0).max(1).default(0.25),
    ...networkBoundsShape,
    maximumParameters: count.default(97_000),
    maximumMacs: count.default(14_000_000),
  })
  .superRefine((bounds, context) => {
    if (context.issues.length > 0) return; // the limits themselves are wrong
    const conflict = conflictOf(bounds);
    if (conflict) context.addIssue({ code: 'custom', path: [conflict.field], message: conflict.problem });
  });

/**
 * Fills in the defaults and checks that genomes of these bounds exist.
 *
 * @throws EvopatchError `INVALID_OPTION` that names the option at fault.
 */
export function parseGenomeBounds(options: z.input<typeof genomeBoundsSchema>): GenomeBounds {
  return parse(genomeBoundsSchema, options, 'INVALID_OPTION');
}

/**
 * Returns a genome with the fewest parameters that the bounds allow: the fewest patches, each a square of the smallest
 * side, side by side from the top left corner of the face, as close as they may overlap.
 */
export function smallestGenome(bounds: GenomeBounds): Genome {
  const face = faceSquare(bounds.frame);
  const side = bounds.minimumSide;
  const step = squareStep(bounds);
  const columns = squaresInRow(bounds);
  const patches = Array.from({ length: bounds.minimumPatches }, (_, index) => {
    const x = face.x + step * (index % columns);
    const y = face.y + step * Math.floor(index / columns);
    return patchAt({ x, y, width: side, height: side }, { mirrored: false, scale: 1 }, bounds.frame);
  });
  return canonicalGenome({ patches, network: NETWORK.smallest(bounds) });
}

/** Pixels from one of the smallest squares to the next, at the largest overlap. */
function squareStep({ minimumSide, maximumOverlap }: GenomeBounds): number {
  return Math.max(1, minimumSide - Math.floor(maximumOverlap * minimumSide));
}

function squaresInRow(bounds: GenomeBounds): number {
  return Math.floor((faceSquare(bounds.frame).width - bounds.minimumSide) / squareStep(bounds)) + 1;
}

/** Returns the most pixels that the patches of a genome may read. */
export function pixelLimit({ frame, maximumPixels }: Pick<GenomeBounds, 'frame' | 'maximumPixels'>): number {
  return Math.floor(maximumPixels * faceSquare(frame).width ** 2);
}

type Limit = Exclude<keyof GenomeBounds, 'frame'>;

/** Names the field of a genome or of bounds that is wrong, and the problem. */
export interface Violation {
  readonly field: string;
  readonly problem: string;
  readonly given?: unknown;
}

/** Finds the first way in which a canonical genome leaves the bounds. */
export function violationOf(genome: Genome, bounds: GenomeBounds): Violation | undefined {
  return formViolation(genome, bounds) ?? costViolation(genome, bounds);
}

/** Finds the first gene of a canonical genome that leaves the bounds; ignores pixels, parameters and multiply-accumulates. */
export function formViolation(genome: Genome, bounds: GenomeBounds): Violation | undefined {
  const violation = patchesViolation(genome, bounds);
  if (violation) return violation;
  const wrong = NETWORK.problem(genome.network, bounds);
  return (
    wrong && { field: `network.${wrong.gene}`, problem: wrong.problem, given: genome.network[wrong.gene] }
  );
}

function patchesViolation({ patches }: Genome, bounds: GenomeBounds): Violation | undefined {
  const { minimumPatches, maximumPatches, minimumSide, maximumSide } = bounds;
  if (!within(patches.length, minimumPatches, maximumPatches)) {
    const problem = `there must be ${minimumPatches} to ${maximumPatches} different patches`;
    return { field: 'patches', problem, given: patches.length };
  }
  const face = faceSquare(bounds.frame);
  for (const [index, patch] of patches.entries()) {
    const minimum = patch.scale * minimumSide;
    for (const side of ['width', 'height'] as const) {
      if (within(patch[side], minimum, maximumSide)) continue;
      const which = patch.scale === 1 ? 'a patch' : 'a patch read at half resolution';
      const problem = `the sides of ${which} must be ${minimum} to ${maximumSide} pixels`;
      return { field: `patches[${index}].${side}`, problem, given: patch[side] };
    }
    if (!contains(face, rectangleOf(patch, bounds.frame))) {
      return { field: `patches[${index}]`, problem: 'the patch leaves the face', given: patch };
    }
  }
  const overlap = largestOverlap(patches, bounds.frame);
  if (overlap <= bounds.maximumOverlap) return undefined;
  const problem = `patches must not overlap by more than ${bounds.maximumOverlap} of the smaller one`;
  return { field: 'patches', problem, given: overlap };
}

function costViolation(genome: Genome, bounds: GenomeBounds): Violation | undefined {
  const { parameters, macs } = genomeCost(genome, bounds);
  if (parameters > bounds.maximumParameters) {
    const problem = `the network must have at most ${bounds.maximumParameters} parameters`;
    return { field: 'network', problem, given: parameters };
  }
  if (macs > bounds.maximumMacs) {
    const problem = `the network must have at most ${bounds.maximumMacs} multiply-accumulates`;
    return { field: 'network', problem, given: macs };
  }
  const pixels = coveredPixels(genome, bounds.frame);
  if (pixels <= pixelLimit(bounds)) return undefined;
  return {
    field: 'patches',
    problem: `the patches must read at most ${pixelLimit(bounds)} pixels`,
    given: pixels,
  };
}

function conflictOf(bounds: GenomeBounds): Violation | undefined {
  const { frame, minimumPatches, maximumSide } = bounds;
  const face = faceSquare(frame);
  const below = (field: Limit, limit: Limit) => {
    return bounds[field] < bounds[limit] ? { field, problem: `must not be below ${limit}` } : undefined;
  };
  const reversed =
    below('maximumPatches', 'minimumPatches') ??
    below('maximumSide', 'minimumSide') ??
    below('maximumFilters', 'minimumFilters') ??
    below('maximumDenseUnits', 'minimumDenseUnits');
  if (reversed) return reversed;
  const nose = { x: frame.noseX - 1, y: frame.noseY - 1, width: 2, height: 2 };
  if (2 * frame.noseX !== frame.size || !contains(face, nose)) {
    const problem = 'the nose must lie inside the border, halfway between the left edge and the right';
    return { field: 'frame', problem };
  }
  if (maximumSide > face.width) {
    return { field: 'maximumSide', problem: `a patch must fit into the face of ${face.width} pixels` };
  }
  if (squaresInRow(bounds) ** 2 < minimumPatches) {
    return {
      field: 'minimumPatches',
      problem: `the face has no room for ${minimumPatches} different patches`,
    };
  }
  const smallest = smallestGenome(bounds);
  const { parameters, macs } = genomeCost(smallest, bounds);
  const pixels = coveredPixels(smallest, frame);
  if (pixels > pixelLimit(bounds)) {
    const share = (pixels / face.width ** 2).toFixed(3);
    return {
      field: 'maximumPixels',
      problem: `must not be below ${share}, the share of the smallest patches`,
    };
  }
  if (parameters > bounds.maximumParameters) {
    const problem = `must not be below ${parameters}, the parameters of the smallest network`;
    return { field: 'maximumParameters', problem };
  }
  if (macs > bounds.maximumMacs) {
    const problem = `must not be below ${macs}, the multiply-accumulates of the smallest network`;
    return { field: 'maximumMacs', problem };
  }
  return undefined;
}

function within(value: number, minimum: number, maximum: number): boolean {
  return value >= minimum && value <= maximum;
}
