import { FAINT } from '../charts/colors.ts';
import { cornersOf, type Surface } from '../charts/surface.ts';
import { faceSquare } from '../genome/patches.ts';
import type { MapLook, PatchMapContent } from './content.ts';
import { drawInside } from './draw-inside.ts';
import { type Common, legendOf, type MapDrawing } from './draw-patch-map.ts';
import { drawLegend } from './legend.ts';
import { LEGEND_WIDTH } from './legend-column.ts';

/** A map of the sheet with the caption below it. */
export interface SheetMap {
  readonly content: PatchMapContent;
  readonly caption: string;
}

/** More maps would be too small on a page. */
const MAX_MAPS = 8;
const COLUMNS = 4;
const DEFAULT_SCALE = 8;
const MARGIN = 2;
/** Height reserved for a caption, its baseline and its font size, units. */
const CAPTION = { height: 5, baseline: 2.6, size: 1.9 };

/** Lays out up to eight maps, the first and the last among them, side by side with one legend. */
export function sheetDrawing(
  maps: readonly SheetMap[],
  words: Pick<PatchMapContent, 'title' | 'notes'>,
  look: MapLook,
  common: Common,
): MapDrawing {
  const shown = pickEvenly(maps, MAX_MAPS);
  const [{ content }] = shown;
  const view = faceSquare(content.frame);
  const columns = Math.min(shown.length, COLUMNS);
  const rows = Math.ceil(shown.length / columns);
  const legend = legendOf({ ...shown[shown.length - 1].content, ...words }, look, common);
  const legendX = MARGIN + columns * (view.width + MARGIN);
  const width = legendX + LEGEND_WIDTH + MARGIN;
  const mapsHeight = rows * (view.height + CAPTION.height) - CAPTION.height + CAPTION.baseline;
  const height = 2 * MARGIN + Math.max(mapsHeight, drawLegend(undefined, legend, 0, 0));
  const whole = { x: 0, y: 0, width, height };
  const draw = (surface: Surface) => {
    surface.shape(cornersOf(whole), { fill: '#ffffff' });
    for (const [index, { content, caption }] of shown.entries()) {
      const x = MARGIN + (index % columns) * (view.width + MARGIN);
      const y = MARGIN + Math.floor(index / columns) * (view.height + CAPTION.height);
      const area = { ...view, x, y };
      const placements = [{ a: 1, b: 0, tx: x - view.x, ty: y - view.y }];
      drawInside(surface, legendOf(content, look, common), { area, placements }, false);
      const { baseline, size } = CAPTION;
      surface.text(caption, x, y + view.height + baseline, { size, color: FAINT });
    }
    drawLegend(surface, legend, legendX, MARGIN);
  };
  return { layout: { width, height, scale: look.scale ?? DEFAULT_SCALE, area: whole, placements: [] }, draw };
}

/** Picks at most `maximum` of a list at even distances, the first and the last among them. */
function pickEvenly<Item>(list: readonly Item[], maximum: number): Item[] {
  const count = Math.min(list.length, maximum);
  return Array.from({ length: count }, (_, index) => {
    return list[count === 1 ? 0 : Math.round((index * (list.length - 1)) / (count - 1))];
  });
}
