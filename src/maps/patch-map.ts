import { writeFileAtomic } from '../core/atomic-file.ts';
import { EvopatchError } from '../core/errors.ts';
import { canonicalGenome, summarizeGenome } from '../genome/canonical.ts';
import type { PatchGene } from '../genome/genome.ts';
import { type Rectangle, rectanglesOf } from '../genome/patches.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { PatchMapContent } from './content.ts';
import { drawPatchMap } from './draw-patch-map.ts';
import { patchCounts, readingShares } from './heat.ts';

/** Contents of a map; genomes in any form, and equal weights where left out. */
export type PatchMapOptions = Omit<PatchMapContent, 'weights'> & Partial<Pick<PatchMapContent, 'weights'>>;

/** The numbers behind a patch map, as plain data. Pixels and rectangles count from the frame's upper left corner. */
export interface PatchMapJson {
  readonly format: 1;
  readonly frame: FrameGeometry;
  readonly genomes: readonly {
    readonly summary: string;
    readonly weight: number;
    /** Centres relative to the nose, with the rectangles that are read: two for a mirrored pair. */
    readonly patches: readonly (PatchGene & { readonly rectangles: readonly Rectangle[] })[];
  }[];
  /** Of one genome the number of its patches on each pixel; of several the weighted share that reads it, 0 to 1. */
  readonly grid: {
    readonly unit: 'patches' | 'share of networks';
    readonly rows: readonly (readonly number[])[];
  };
  /** What the picture shows below the patches: grey levels, rows of pixels. */
  readonly face?: readonly (readonly number[])[];
}

/** Where patches look, as numbers and as a picture. */
export interface PatchMap {
  toJson(): PatchMapJson;
  /**
   * The picture as the bytes of a PNG.
   *
   * @param scale picture pixels for each frame pixel, 4 to 32
   */
  toPng(scale?: number): Uint8Array;
  /** @throws EvopatchError `FILE_SYSTEM` */
  savePng(file: string, scale?: number): Promise<void>;
  /** @throws EvopatchError `FILE_SYSTEM` */
  saveJson(file: string): Promise<void>;
}

const DEFAULT_SCALE = 10;
const SHARE_DIGITS = 1e4;

/**
 * The map of one genome's patches, or of where a population looks.
 *
 * @throws EvopatchError `INVALID_OPTION` where there are no genomes, weights or face do not fit, or the scale is
 * impossible.
 */
export function patchMap(options: PatchMapOptions): PatchMap {
  const genomes = options.genomes.map(canonicalGenome);
  const content = { ...options, genomes, weights: options.weights ?? genomes.map(() => 1) };
  checkContent(content);
  const toPng = (scale = DEFAULT_SCALE) => {
    if (!Number.isInteger(scale) || scale < 4 || scale > 32) {
      const hint = 'Give a whole number from 4 to 32';
      throw new EvopatchError('INVALID_OPTION', 'no possible scale', { option: 'scale', given: scale, hint });
    }
    return drawPatchMap(content, scale);
  };
  const toJson = () => describeMap(content);
  return {
    toJson,
    toPng,
    savePng: async (file, scale) => writeFileAtomic(file, toPng(scale)),
    saveJson: async (file) => writeFileAtomic(file, `${JSON.stringify(toJson())}\n`),
  };
}

function describeMap({ genomes, weights, frame, face }: PatchMapContent): PatchMapJson {
  const shares = () => {
    return Array.from(
      readingShares(genomes, weights, frame),
      (share) => Math.round(share * SHARE_DIGITS) / SHARE_DIGITS,
    );
  };
  const single = genomes.length === 1;
  const described = genomes.map((genome, index) => ({
    summary: summarizeGenome(genome),
    weight: weights[index],
    patches: genome.patches.map((patch) => ({ ...patch, rectangles: rectanglesOf(patch, frame) })),
  }));
  return {
    format: 1,
    frame,
    genomes: described,
    grid: {
      unit: single ? 'patches' : 'share of networks',
      rows: inRows(single ? Array.from(patchCounts(genomes[0], frame)) : shares(), frame.size),
    },
    ...(face === undefined ? {} : { face: inRows(Array.from(face), frame.size) }),
  };
}

function inRows(values: readonly number[], size: number): number[][] {
  return Array.from({ length: size }, (_, row) => values.slice(row * size, (row + 1) * size));
}

function checkContent({ genomes, weights, frame: { size }, face }: PatchMapContent): void {
  const refuse = (option: string, problem: string, given: unknown) => {
    throw new EvopatchError('INVALID_OPTION', problem, { option, given });
  };
  if (genomes.length === 0) refuse('genomes', 'there must be at least one genome', 0);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (weights.length !== genomes.length || !weights.every((weight) => weight >= 0) || !(sum > 0)) {
    refuse('weights', 'there must be one weight for each genome, none negative and not all 0', weights);
  }
  if (face !== undefined && face.length !== size * size) {
    refuse('face', `the face must have ${size}×${size} pixels`, face.length);
  }
}
