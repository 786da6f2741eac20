import { INK } from '../charts/colors.ts';
import type { Placement, RgbaImage } from '../charts/surface.ts';
import { faceSquare } from '../genome/patches.ts';
import type { FaceGrid, FrameGeometry } from '../landmarks/frame-geometry.ts';
import { drawFace } from './face-picture.ts';
import { drawCross } from './marks.ts';
import { contrastCells, magnitudeCells, overlayCells, signedCells, topOf } from './saliency-cells.ts';
import { drawBar, drawPicture, GAP, MARGIN, type SaliencyPicture, SMALL, write } from './saliency-drawing.ts';

/** Describes one map of a picture. */
export interface ShownMap {
  /** Heading of the map, such as 'guided backpropagation'. */
  readonly name: string;
  readonly grid: FaceGrid;
  /** Unit of the values, such as 'logits'. */
  readonly unit: string;
  /** How the map is drawn alone: with signs, as absolute values, or as greys around its mean (Arriaga et al. 2017). */
  readonly shown: 'signed' | 'magnitude' | 'contrast';
}

/** Describes a picture of several maps of one face. */
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

const TITLE = { size: 3.2, color: INK, bold: true } as const;
const HEAD = { size: 2.4, color: INK, bold: true } as const;
const TEXT = { size: 2.1, color: INK } as const;

/**
 * Draws the face, and beside it a column for each map: the map alone above, its absolute values over the face below,
 * each with its scale. Pixels that the network does not read are grey or faded.
 */
export function saliencyPicture(content: SaliencyPictureContent): SaliencyPicture {
  const { frame, face, maps, read, notes } = content;
  const view = faceSquare(frame);
  const top = MARGIN + 9;
  const columnOf = (index: number) => MARGIN + index * (view.width + GAP);
  const second = top + view.height + 11;
  const width = columnOf(maps.length + 1) - GAP + MARGIN;
  const height = second + view.height + 9 + MARGIN;
  return drawPicture(content.title, width, height, (surface) => {
    surface.text(content.title, MARGIN, MARGIN + 2.6, TITLE);
    const panel = (x: number, y: number, draw: (placement: Placement) => void) => {
      const area = { x, y, width: view.width, height: view.height };
      surface.clipped(area, () => draw({ a: 1, b: 0, tx: x - view.x, ty: y - view.y }));
    };
    const over = (x: number, y: number, image: RgbaImage | undefined) =>
      panel(x, y, (placement) => {
        drawFace(surface, face, frame, placement);
        if (image !== undefined) surface.cells(image, placement);
        drawCross(surface, frame.noseX + placement.tx, frame.noseY + placement.ty, 1);
      });
    surface.text('the face', columnOf(0), top - 1.4, HEAD);
    over(columnOf(0), top, undefined);
    let y = top + view.height + 4;
    for (const note of notes) y = write(surface, note, columnOf(0), y, view.width, TEXT) + 1;
    for (const [index, { name, grid, unit, shown }] of maps.entries()) {
      const x = columnOf(index + 1);
      const maximum = topOf([grid]);
      surface.text(name, x, top - 1.4, HEAD);
      const alone = {
        signed: () => signedCells(grid, maximum, read),
        magnitude: () => magnitudeCells(grid, maximum, read),
        contrast: () => contrastCells(grid, read),
      };
      panel(x, top, (placement) => surface.cells(alone[shown](), placement));
      if (shown === 'contrast') {
        const text = 'mid-grey: the mean; black and white: 5 standard deviations from it';
        write(surface, text, x, top + view.height + 3.6, view.width, SMALL);
      } else drawBar(surface, { x, y: top + view.height + 1.2, width: view.width }, maximum, unit, shown);
      over(x, second, overlayCells(grid, maximum, read));
      drawBar(
        surface,
        { x, y: second + view.height + 1.2, width: view.width },
        maximum,
        `${unit}, absolute`,
        'magnitude',
      );
    }
  });
}
