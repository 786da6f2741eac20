import { canvasSurface } from '../charts/canvas-surface.ts';
import { colorOf, FAINT, INK } from '../charts/colors.ts';
import { cornersOf, type Surface } from '../charts/surface.ts';
import { svgSurface } from '../charts/svg-surface.ts';
import { EvopatchError } from '../core/errors.ts';
import type { Genome, PatchGene } from '../genome/genome.ts';
import { faceSquare, type Rectangle, rectanglesOf } from '../genome/patches.ts';
import type { FaceGrid, FrameGeometry } from '../landmarks/frame-geometry.ts';
import { drawFace } from './face-picture.ts';
import { readingShares } from './heat.ts';
import { layOut } from './layout.ts';
import { Column } from './legend-column.ts';
import { gridRows } from './map-data.ts';
import { jsonLine, saverOf } from './map-file.ts';
import { drawBadge, drawCross } from './marks.ts';
import { type RecurringPatch, recurringPatches } from './recurring-patches.ts';
import { cells } from './saliency-cells.ts';

export interface ConsensusOptions {
  /** The chosen genome of each run, from two. */
  readonly genomes: readonly Genome[];
  readonly frame: FrameGeometry;
  /** Mean grey levels of the faces, [size][size]. @defaultValue a line drawing */
  readonly face?: Uint8Array;
  /** Sentences below the legend. */
  readonly notes?: readonly string[];
}

/** The numbers of a consensus map as plain data. */
export interface ConsensusJson {
  readonly format: 1;
  readonly frame: FrameGeometry;
  readonly runs: number;
  /** Pixels that more than half of the runs read, and their share of the face. */
  readonly pixels: number;
  readonly faceShare: number;
  /** Patches that recur, those in most runs first; those of a single run last. */
  readonly patches: readonly RecurringPatch[];
  /** The share of the runs that read each pixel, row by row. */
  readonly rows: readonly (readonly number[])[];
}

/** What most of several runs read. */
export interface ConsensusMap {
  toJson(): ConsensusJson;
  /** Draws the picture as the bytes of a PNG; `scale` is the picture's pixels for each pixel of the face, by default 10. */
  toPng(look?: { readonly scale?: number }): Uint8Array;
  /** Draws the picture as vectors. */
  toSvg(look?: { readonly scale?: number }): string;
  /**
   * Writes a file in the format that its name ends in: `.png`, `.svg` or `.json`.
   *
   * @throws EvopatchError `INVALID_OPTION` for another ending, `FILE_SYSTEM`
   */
  save(file: string, look?: { readonly scale?: number }): Promise<void>;
}

const DEFAULT_SCALE = 10;

/**
 * Maps what most runs read: pixels that at most half of them read are faded, and patches that recur in more than half of
 * them are outlined and named.
 *
 * @throws EvopatchError `INVALID_OPTION` for fewer than two genomes.
 */
export function consensusMap({ genomes, frame, face, notes = [] }: ConsensusOptions): ConsensusMap {
  if (genomes.length < 2) {
    const data = { option: 'genomes', given: genomes.length };
    throw new EvopatchError('INVALID_OPTION', 'a consensus needs at least two genomes', data);
  }
  const runs = genomes.length;
  const shares = readingShares(
    genomes,
    genomes.map(() => 1),
    frame,
  );
  const grid: FaceGrid = { size: frame.size, values: shares };
  const pixels = shares.filter((share) => share > 1 / 2).length;
  const patches = recurringPatches(genomes, frame);
  const faceShare = pixels / faceSquare(frame).width ** 2;
  const picture: Picture = { frame, face, notes, runs, grid, faceShare, patches };
  const toJson = (): ConsensusJson => {
    return { format: 1, frame, runs, pixels, faceShare, patches, rows: gridRows(grid) };
  };
  const draw = (scale = DEFAULT_SCALE) => {
    const layout = layOut({ frame }, scale, drawLegend(undefined, picture, 0, 0));
    return { layout, draw: (surface: Surface) => drawConsensus(surface, picture, layout) };
  };
  const toPng: ConsensusMap['toPng'] = ({ scale } = {}) => {
    const drawing = draw(scale);
    const { width, height } = drawing.layout;
    const surface = canvasSurface(width, height, drawing.layout.scale);
    drawing.draw(surface);
    return surface.toPng();
  };
  const toSvg: ConsensusMap['toSvg'] = ({ scale } = {}) => {
    const drawing = draw(scale);
    const { width, height } = drawing.layout;
    const surface = svgSurface(width, height, drawing.layout.scale);
    drawing.draw(surface);
    return surface.toSvg(`What most of ${runs} runs read`);
  };
  const save = saverOf({ png: toPng, svg: toSvg, json: () => jsonLine(toJson()) });
  return { toJson, toPng, toSvg, save };
}

interface Picture {
  readonly frame: FrameGeometry;
  readonly face: Uint8Array | undefined;
  readonly notes: readonly string[];
  readonly runs: number;
  readonly grid: FaceGrid;
  readonly faceShare: number;
  readonly patches: readonly RecurringPatch[];
}

/** Picks the patches that recur in more than half of the runs. */
function ofMost({ patches, runs }: Picture): readonly RecurringPatch[] {
  return patches.filter(({ genomes }) => 2 * genomes > runs);
}

function drawConsensus(surface: Surface, picture: Picture, layout: ReturnType<typeof layOut>): void {
  const { frame, face, grid } = picture;
  const { width, height, area, legend } = layout;
  const [placement] = layout.placements;
  surface.shape(cornersOf({ x: 0, y: 0, width, height }), { fill: '#ffffff' });
  surface.clipped(area, () => {
    drawFace(surface, face, frame, placement);
    surface.cells(
      cells(grid, (share) => (share > 1 / 2 ? undefined : [255, 255, 255, 0.66])),
      placement,
    );
    const { tx, ty } = placement;
    drawCross(surface, frame.noseX + tx, frame.noseY + ty, 1);
    for (const [index, { patch }] of ofMost(picture).entries()) {
      const color = colorOf(index);
      for (const { x, y, ...size } of outlinesOf(patch, frame)) {
        surface.shape(cornersOf({ x: x + tx, y: y + ty, ...size }), { stroke: color, lineWidth: 0.5 });
        drawBadge(surface, `${index + 1}`, color, x + tx, y + ty, 1);
      }
    }
  });
  if (legend !== undefined) drawLegend(surface, picture, legend.x, legend.y);
}

/** Outlines a patch: halves of a pair that meet in the middle together. */
function outlinesOf(patch: PatchGene, frame: FrameGeometry): Rectangle[] {
  const outlines = rectanglesOf(patch, frame).toSorted((a, b) => a.x - b.x);
  const [left, right] = outlines;
  if (right === undefined || left.x + left.width < right.x) return outlines;
  return [{ ...left, width: right.x + right.width - left.x }];
}

/** Writes the legend with its upper left corner at x, y, and returns its height; without a surface it only measures. */
function drawLegend(surface: Surface | undefined, picture: Picture, x: number, y: number): number {
  const { runs, faceShare, notes } = picture;
  const write = new Column(surface, x, y);
  write.title(`What most of ${runs} runs read`);
  write.paragraph(`${Math.round(100 * faceShare)} % of the face is read by more than half of them.`, FAINT);
  write.gap();
  for (const [index, { name, genomes }] of ofMost(picture).entries()) {
    write.badge(`${index + 1}`, colorOf(index));
    write.line(name, INK, 3.2);
    write.line(`${genomes} of ${runs} runs`, FAINT, 3.2);
    write.space(0.5);
  }
  if (ofMost(picture).length === 0) write.paragraph('No patch recurs in more than half of them.', INK);
  write.gap();
  for (const note of notes) write.paragraph(note, INK);
  return write.height;
}
