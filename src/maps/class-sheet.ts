import { FAINT, INK } from '../charts/colors.ts';
import type { Surface } from '../charts/surface.ts';
import { wrapText } from '../charts/text.ts';
import { faceSquare } from '../genome/patches.ts';
import type { FaceGrid } from '../landmarks/frame-geometry.ts';
import { drawFace } from './face-picture.ts';
import { drawCross } from './marks.ts';
import { overlayCells, topOf } from './saliency-cells.ts';
import {
  drawBar,
  drawPicture,
  GAP,
  LINE_HEIGHT,
  MARGIN,
  type SaliencyPicture,
  write,
} from './saliency-drawing.ts';
import type { SaliencyPictureContent } from './saliency-picture.ts';

/** Describes a sheet with the mean map of each class over that class's mean face. */
export interface ClassSheetContent
  extends Pick<SaliencyPictureContent, 'title' | 'notes' | 'frame' | 'read'> {
  /** The classes. */
  readonly columns: readonly { readonly name: string; readonly note: string; readonly face?: Uint8Array }[];
  /** A map for each class; those of one row share a colour scale. */
  readonly rows: readonly {
    readonly name: string;
    readonly unit: string;
    readonly grids: readonly FaceGrid[];
  }[];
}

/** At the usual scale of 4, four faces fill the width of a page, about 830 pixels, with letters of 12 to 18 pixels. */
const COLUMNS = 4;
const TITLE = { size: 4.6, color: INK, bold: true } as const;
const HEAD = { size: 3.6, color: INK, bold: true } as const;
const TEXT = { size: 3.2, color: INK } as const;
const NOTE = { size: 3, color: FAINT } as const;
/** Heights of the class and its note above a face, of the name above a block, and of the colour scale below it. */
const LABEL = 8.6;
const NAME = 8;
const SCALE = 12;

/** Draws a block of faces for each kind of map, one face per class, at most four side by side, with one colour scale. */
export function classSheet(content: ClassSheetContent): SaliencyPicture {
  const { frame, columns: classes, rows, notes } = content;
  const view = faceSquare(frame);
  const columns = Math.min(COLUMNS, classes.length);
  const inner = Math.max(columns, 2) * (view.width + GAP) - GAP;
  const cell = LABEL + view.height + GAP;
  const lines = notes.reduce((sum, note) => sum + wrapText(note, inner, TEXT).length, 0);
  const top = MARGIN + TITLE.size + 3 + lines * LINE_HEIGHT * TEXT.size;
  const block = NAME + Math.ceil(classes.length / columns) * cell + SCALE;
  return drawPicture(content.title, inner + 2 * MARGIN, top + rows.length * block + MARGIN, (surface) => {
    surface.text(content.title, MARGIN, MARGIN + TITLE.size, TITLE);
    let line = MARGIN + TITLE.size + 2 + TEXT.size;
    for (const note of notes) line = write(surface, note, MARGIN, line, inner, TEXT);
    for (const [row, { name, unit, grids }] of rows.entries()) {
      const start = top + row * block;
      const maximum = topOf(grids);
      surface.text(name, MARGIN, start + HEAD.size + 1, HEAD);
      for (const [index, grid] of grids.entries()) {
        const x = MARGIN + (index % columns) * (view.width + GAP);
        const y = start + NAME + Math.floor(index / columns) * cell;
        drawClass(surface, content, index, grid, maximum, { x, y });
      }
      drawBar(
        surface,
        { x: MARGIN, y: start + block - SCALE, width: 2 * view.width + GAP },
        maximum,
        unit,
        'magnitude',
        NOTE,
      );
    }
  });
}

function drawClass(
  surface: Surface,
  { frame, columns, read }: ClassSheetContent,
  index: number,
  grid: FaceGrid,
  maximum: number,
  { x, y }: { readonly x: number; readonly y: number },
): void {
  const { name, note, face } = columns[index];
  const view = faceSquare(frame);
  const [fitting] = wrapText(name, view.width, HEAD);
  surface.text(fitting === name ? name : `${fitting}…`, x, y + HEAD.size, HEAD);
  surface.text(note, x, y + HEAD.size + NOTE.size + 0.8, NOTE);
  const area = { x, y: y + LABEL, width: view.width, height: view.height };
  const placement = { a: 1, b: 0, tx: area.x - view.x, ty: area.y - view.y };
  surface.clipped(area, () => {
    drawFace(surface, face, frame, placement);
    surface.cells(overlayCells(grid, maximum, read), placement);
    drawCross(surface, frame.noseX + placement.tx, frame.noseY + placement.ty, 1);
  });
}
