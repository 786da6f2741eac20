import type { Color } from '../charts/color-scale.ts';
import { diverging } from '../charts/diverging.ts';
import { magma } from '../charts/magma.ts';
import { FAINT, INK } from '../charts/palette.ts';
import { type TextStyle, wrapText } from '../charts/text.ts';
import { EvopatchError } from '../core/errors.ts';
import { loadCanvas } from '../core/packages.ts';
import { faceSquare, type Rectangle } from '../genome/patches.ts';
import type { FaceGrid } from '../landmarks/face-grid.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import { canvasSurface } from './canvas-surface.ts';
import { drawFace } from './face-picture.ts';
import { drawCross } from './marks.ts';
import { contrastCells, magnitudeCells, overlayCells, signedCells, topOf } from './saliency-cells.ts';
import { cornersOf, type RgbaImage, type Surface } from './surface.ts';
import { svgSurface } from './svg-surface.ts';

/** One map of a picture. */
export interface ShownMap {
  /** What it is called, as 'guided backpropagation'. */
  readonly name: string;
  readonly grid: FaceGrid;
  /** What its values count, as 'logits'. */
  readonly unit: string;
  /** How it is drawn alone: its signs, its sizes, or as greys around its mean (Arriaga et al. 2017). */
  readonly shown: 'signed' | 'magnitude' | 'contrast';
}

/** Several maps of one face. */
export interface SaliencyPictureContent {
  readonly title: string;
  /** Sentences below the face, a paragraph each. */
  readonly notes: readonly string[];
  readonly frame: FrameGeometry;
  /** Grey levels, [size][size]. */
  readonly face: Uint8Array;
  readonly maps: readonly ShownMap[];
  /** Which pixels the network reads, 1 or 0, [size][size]. @defaultValue all */
  readonly read?: Uint8Array;
}

/** Mean maps of classes, each over a face of its own. */
export interface ClassSheetContent
  extends Pick<SaliencyPictureContent, 'title' | 'notes' | 'frame' | 'read'> {
  readonly columns: readonly { readonly name: string; readonly note: string; readonly face?: Uint8Array }[];
  /** A map for each column; the columns of a row share one colour scale. */
  readonly rows: readonly {
    readonly name: string;
    readonly unit: string;
    readonly grids: readonly FaceGrid[];
  }[];
}

export interface SaliencyPicture {
  /**
   * The picture as the bytes of a PNG.
   *
   * @param scale picture pixels for each frame pixel, a whole number from 2 to 32 @defaultValue 6
   * @throws EvopatchError `INVALID_OPTION` for another scale.
   */
  toPng(scale?: number): Uint8Array;
  toSvg(scale?: number): string;
}

const DEFAULT_SCALE = 6;
/** Lengths in frame pixels. */
const MARGIN = 3;
const GAP = 3;
const TITLE = { size: 3.2, color: INK, bold: true } as const;
const HEAD = { size: 2.4, color: INK, bold: true } as const;
const TEXT = { size: 2.1, color: INK } as const;
const SMALL = { size: 1.9, color: FAINT } as const;
const LINE = 3;
const BAR_HEIGHT = 1.4;
const WHITE = '#ffffff';

/**
 * The face, and beside it a column for each map: the map alone above, its sizes over the face below, each with its
 * scale. What the network does not read is grey, or faded.
 */
export function saliencyPicture(content: SaliencyPictureContent): SaliencyPicture {
  const { frame, face, maps, read, notes } = content;
  const view = faceSquare(frame);
  const top = MARGIN + 9;
  const columnOf = (index: number) => MARGIN + index * (view.width + GAP);
  const second = top + view.height + 11;
  const width = columnOf(maps.length + 1) - GAP + MARGIN;
  const height = second + view.height + 9 + MARGIN;
  return picture(content.title, width, height, (surface) => {
    surface.text(content.title, MARGIN, MARGIN + 2.6, TITLE);
    const panel = (x: number, y: number, draw: (place: Place) => void) => {
      const area = { x, y, width: view.width, height: view.height };
      surface.clipped(area, () => draw({ a: 1, b: 0, tx: x - view.x, ty: y - view.y }));
    };
    const over = (x: number, y: number, image: RgbaImage | undefined) =>
      panel(x, y, (place) => {
        drawFace(surface, face, frame, place);
        if (image !== undefined) surface.cells(image, place);
        drawCross(surface, frame.noseX + place.tx, frame.noseY + place.ty, 1);
      });
    surface.text('the face', columnOf(0), top - 1.4, HEAD);
    over(columnOf(0), top, undefined);
    let y = top + view.height + 4;
    for (const note of notes) y = paragraph(surface, note, columnOf(0), y, view.width, TEXT) + 1;
    for (const [index, { name, grid, unit, shown }] of maps.entries()) {
      const x = columnOf(index + 1);
      const most = topOf([grid]);
      surface.text(name, x, top - 1.4, HEAD);
      const alone = {
        signed: () => signedCells(grid, most, read),
        magnitude: () => magnitudeCells(grid, most, read),
        contrast: () => contrastCells(grid, read),
      };
      panel(x, top, (place) => surface.cells(alone[shown](), place));
      if (shown === 'contrast') {
        const text = 'mid-grey: the mean; black and white: 5 standard deviations from it';
        paragraph(surface, text, x, top + view.height + 3.6, view.width, SMALL);
      } else drawBar(surface, { x, y: top + view.height + 1.2, width: view.width }, most, unit, shown);
      over(x, second, overlayCells(grid, most, read));
      drawBar(
        surface,
        { x, y: second + view.height + 1.2, width: view.width },
        most,
        `${unit}, absolute`,
        'magnitude',
      );
    }
  });
}

/** A row for each kind of map, a column for each class, and one scale a row. */
export function classSheet(content: ClassSheetContent): SaliencyPicture {
  const { frame, columns, rows, read, notes } = content;
  const view = faceSquare(frame);
  const noteLines = notes.flatMap((note) => wrapped(note, sheetWidth(columns.length, view.width), TEXT));
  const top = MARGIN + 5 + noteLines.length * LINE + 13;
  const rowHeight = view.height + 15;
  const height = top + rows.length * rowHeight - 9 + MARGIN;
  const width = sheetWidth(columns.length, view.width) + 2 * MARGIN;
  return picture(content.title, width, height, (surface) => {
    surface.text(content.title, MARGIN, MARGIN + 2.6, TITLE);
    for (const [index, line] of noteLines.entries()) {
      surface.text(line, MARGIN, MARGIN + 7 + index * LINE, TEXT);
    }
    for (const [row, { name, unit, grids }] of rows.entries()) {
      const y = top + row * rowHeight;
      const most = topOf(grids);
      for (const [index, { name: column, note, face }] of columns.entries()) {
        const x = MARGIN + index * (view.width + GAP);
        if (row === 0) {
          surface.text(column, x, top - 9.6, HEAD);
          surface.text(note, x, top - 6.8, SMALL);
        }
        const area = { x, y, width: view.width, height: view.height };
        const place = { a: 1, b: 0, tx: x - view.x, ty: y - view.y };
        surface.clipped(area, () => {
          drawFace(surface, face, frame, place);
          surface.cells(overlayCells(grids[index], most, read), place);
          drawCross(surface, frame.noseX + place.tx, frame.noseY + place.ty, 1);
        });
      }
      const bar = { x: MARGIN, y: y + view.height + 1.2, width: view.width };
      drawBar(surface, bar, most, unit, 'magnitude');
      surface.text(name, MARGIN, y - 1.6, HEAD);
    }
  });
}

type Place = { readonly a: number; readonly b: number; readonly tx: number; readonly ty: number };

function sheetWidth(columns: number, panel: number): number {
  return columns * (panel + GAP) - GAP;
}

/** A colour scale with its ends, and what it counts. */
function drawBar(
  surface: Surface,
  { x, y, width }: Omit<Rectangle, 'height'>,
  most: number,
  unit: string,
  kind: 'signed' | 'magnitude',
): void {
  const signed = kind === 'signed';
  const colorAt = (share: number): Color => (signed ? diverging(2 * share - 1) : magma(share));
  const steps = 60;
  const pixels = new Uint8ClampedArray(4 * steps);
  for (let step = 0; step < steps; step++) pixels.set([...colorAt((step + 0.5) / steps), 255], 4 * step);
  surface.clipped({ x, y, width, height: BAR_HEIGHT }, () => {
    const a = width / steps;
    for (let row = 0; row * a < BAR_HEIGHT; row++) {
      surface.cells({ pixels, width: steps, height: 1 }, { a, b: 0, tx: x, ty: y + row * a });
    }
  });
  surface.shape(cornersOf({ x, y, width, height: BAR_HEIGHT }), { stroke: INK, lineWidth: 0.12 });
  const below = y + BAR_HEIGHT + 2.2;
  surface.text(signed ? `≤ ${-Number(numberOf(most))}`.replace('-', '−') : '0', x, below, SMALL);
  surface.text(`≥ ${numberOf(most)}`, x + width, below, { ...SMALL, align: 'right' });
  surface.text(signed ? '0' : unit, x + width / 2, below, { ...SMALL, align: 'center' });
  if (signed) surface.text(unit, x + width / 2, below + 2.6, { ...SMALL, align: 'center' });
}

/** Two digits, without needless noughts. */
function numberOf(value: number): string {
  return `${Number(value.toPrecision(2))}`;
}

/** Gives the place below the last line. */
function paragraph(
  surface: Surface,
  text: string,
  x: number,
  y: number,
  width: number,
  style: TextStyle,
): number {
  const lines = wrapped(text, width, style);
  for (const [index, line] of lines.entries()) surface.text(line, x, y + index * LINE, style);
  return y + lines.length * LINE;
}

/** Sizes below a pixel are rounded, so text is measured large; fonts that stand in elsewhere may be wider. */
const MEASURE = 32;
const FONT_ROOM = 0.95;

function wrapped(text: string, width: number, style: TextStyle): string[] {
  const context = loadCanvas().createCanvas(1, 1).getContext('2d');
  return wrapText(context, text, FONT_ROOM * width * MEASURE, { ...style, size: style.size * MEASURE });
}

function picture(
  title: string,
  width: number,
  height: number,
  draw: (surface: Surface) => void,
): SaliencyPicture {
  const drawOn = <Kind extends Surface>(
    open: (width: number, height: number, scale: number) => Kind,
    scale: number,
  ) => {
    if (!Number.isInteger(scale) || scale < 2 || scale > 32) {
      const hint = 'Give a whole number from 2 to 32';
      throw new EvopatchError('INVALID_OPTION', 'no possible scale', { option: 'scale', given: scale, hint });
    }
    const surface = open(width, height, scale);
    surface.shape(cornersOf({ x: 0, y: 0, width, height }), { fill: WHITE });
    draw(surface);
    return surface;
  };
  return {
    toPng: (scale = DEFAULT_SCALE) => drawOn(canvasSurface, scale).toPng(),
    toSvg: (scale = DEFAULT_SCALE) => drawOn(svgSurface, scale).toSvg(title),
  };
}
