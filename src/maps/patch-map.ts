import { writeFileAtomic } from '../core/atomic-file.ts';
import { csvLine } from '../core/csv-line.ts';
import { EvopatchError } from '../core/errors.ts';
import { canonicalGenome } from '../genome/canonical.ts';
import type { PatchGene } from '../genome/genome.ts';
import { type Rectangle, rectanglesOf } from '../genome/patches.ts';
import { summarizeGenome } from '../genome/summarize.ts';
import type { FaceGrid, FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { MapLook, PatchMapContent } from './content.ts';
import { drawAsSvg, drawOnCanvas, patchMapDrawing } from './draw-patch-map.ts';
import { checkLook } from './look.ts';
import { gridRows, type MapData, type MapUnit, mapData, rowsOf } from './map-data.ts';
import { jsonLine, saverOf } from './map-file.ts';
import type { Weighting } from './weights.ts';

/** Describes a map; genomes need not be canonical, and weights default to equal ones. */
export type PatchMapOptions = Omit<PatchMapContent, 'weights'> & Partial<Pick<PatchMapContent, 'weights'>>;

/** Describes a genome of a map. */
export interface MappedGenome {
  readonly summary: string;
  readonly weight: number;
  /** Patches, each with the rectangles that it reads: two for a mirrored pair. */
  readonly patches: readonly (PatchGene & { readonly rectangles: readonly Rectangle[] })[];
}

/** Holds the numbers of a patch map as plain data. Coordinates count from the frame's upper left corner. */
export interface PatchMapJson {
  readonly format: 1;
  readonly frame: FrameGeometry;
  readonly genomes: readonly MappedGenome[];
  /** How the weights were computed, if known. */
  readonly weighting?: Weighting;
  /** For one genome, the number of its patches on each pixel; for several, the weighted share that reads it, 0 to 1. */
  readonly grid: {
    readonly unit: MapUnit;
    readonly rows: readonly (readonly number[])[];
  };
  /** The face below the patches: grey levels, [size][size]. */
  readonly face?: readonly (readonly number[])[];
}

/** Shows where patches look, as numbers and as pictures and files made from them. */
export interface PatchMap extends MapData {
  readonly frame: FrameGeometry;
  readonly genomes: readonly MappedGenome[];
  toJson(): PatchMapJson;
  /** The grid as csv, one line per row of pixels. */
  toCsv(): string;
  /**
   * The picture as the bytes of a PNG.
   *
   * @throws EvopatchError `INVALID_OPTION`
   */
  toPng(look?: MapLook): Uint8Array;
  /**
   * The picture as vectors with selectable text. It refers to nothing outside itself and has no identifiers, so a page
   * can hold several.
   *
   * @throws EvopatchError `INVALID_OPTION`
   */
  toSvg(look?: MapLook): string;
  /**
   * Writes a file in the format that its name ends in: `.png`, `.svg`, `.csv` or `.json`.
   *
   * @throws EvopatchError `INVALID_OPTION` for another ending, `FILE_SYSTEM`
   */
  save(file: string, look?: MapLook): Promise<void>;
  /** @throws EvopatchError `INVALID_OPTION`, `FILE_SYSTEM` */
  savePng(file: string, look?: MapLook): Promise<void>;
  /** @throws EvopatchError `FILE_SYSTEM` */
  saveJson(file: string): Promise<void>;
}

/**
 * Maps the patches of one genome, or the pixels that several read: a front, a population, the choices of several runs.
 *
 * @throws EvopatchError `INVALID_OPTION` if there are no genomes, or if weights, face or photo do not fit.
 */
export function patchMap(options: PatchMapOptions): PatchMap {
  const genomes = options.genomes.map(canonicalGenome);
  const content = { ...options, genomes, weights: options.weights ?? genomes.map(() => 1) };
  checkContent(content);
  const { frame, weights } = content;
  const drawing = (look: MapLook) => patchMapDrawing(content, checkLook(look, content));
  const data = mapData(content);
  const mapped = genomes.map((genome, index) => ({
    summary: summarizeGenome(genome),
    weight: weights[index],
    patches: genome.patches.map((patch) => ({ ...patch, rectangles: rectanglesOf(patch, frame) })),
  }));
  const toPng = (look: MapLook = {}) => drawOnCanvas(drawing(look)).toPng();
  const toSvg = (look: MapLook = {}) => drawAsSvg(drawing(look), titleOf(content));
  const toCsv = () => gridToCsv(data.grid);
  const toJson = () => describeMap(content, data, mapped);
  const toJsonText = () => jsonLine(toJson());
  return {
    ...data,
    frame,
    genomes: mapped,
    toJson,
    toCsv,
    toPng,
    toSvg,
    save: saverOf({ png: toPng, svg: toSvg, csv: toCsv, json: toJsonText }),
    savePng: async (file, look) => writeFileAtomic(file, toPng(look)),
    saveJson: async (file) => writeFileAtomic(file, toJsonText()),
  };
}

function describeMap(
  { frame, face, weighting }: PatchMapContent,
  { grid, unit }: MapData,
  genomes: readonly MappedGenome[],
): PatchMapJson {
  return {
    format: 1,
    frame,
    genomes,
    ...(weighting === undefined ? {} : { weighting }),
    grid: { unit, rows: gridRows(grid) },
    ...(face === undefined ? {} : { face: rowsOf(face, frame.size) }),
  };
}

function gridToCsv({ size, values }: FaceGrid): string {
  return rowsOf(values, size).map(csvLine).join('');
}

/** Describes the picture in one line. */
function titleOf({ title, genomes: [genome, ...others] }: PatchMapContent): string {
  if (others.length > 0) return title ?? `Where ${others.length + 1} networks look`;
  return `${title === undefined ? '' : `${title}: `}${summarizeGenome(genome)}`;
}

function checkContent({ genomes, weights, frame: { size }, face, photo }: PatchMapContent): void {
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
  if (photo?.similarities.length === 0) refuse('photo', 'there must be at least one face on the photo', 0);
}
