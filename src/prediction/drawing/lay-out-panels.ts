import type { Box } from '../../landmarks/landmark-detector.ts';
import type { PredictedFace } from '../prediction.ts';
import { type PanelStyle, panelSize } from './face-panel.ts';
import { type Placement, placePanels, type Side, type Size, type Spot } from './place-panels.ts';

/** Says where the panels of a picture lie. */
export interface PanelLayout {
  readonly style: PanelStyle;
  readonly panels: readonly Box[];
  /** Font size of each panel, pixels. */
  readonly texts: readonly number[];
  /** Width of the picture with its strip, pixels. */
  readonly width: number;
}

/** Remembers the layouts of earlier frames, so that panels keep still. */
export class PanelMemory {
  /** Panels that were once compact stay compact, and a strip beside the picture remains. */
  style: PanelStyle = 'full';
  width = 0;
  /** Panels by the number of the face. */
  readonly panels = new Map<number, { text: number; size: Size; spot?: Spot; panel: Box }>();
}

/** Share of a panel that may lie on a face before all panels are drawn compact. */
const MAX_HIDDEN = 0.04;
/** Distance between a box and its panel, pixels of the picture. */
const GAP = 6;
const SIDES: Readonly<Record<PanelStyle, readonly Side[]>> = {
  full: ['right', 'left', 'below', 'above'],
  compact: ['above', 'below', 'right', 'left'],
};
/** A face may grow or move by these shares before its panel follows, because detections jitter. */
const SAME_SIZE = 0.25;
const SAME_POSITION = 0.12;

/**
 * Lays out full panels if they leave the faces visible, otherwise compact ones; a lone face without room for either gets a
 * strip beside the picture.
 *
 * @param boxes of the faces, pixels of the picture
 * @param memory of earlier frames, where faces are found by their numbers; it is updated
 */
export function layOutPanels(
  faces: readonly (PredictedFace & { readonly id?: number })[],
  boxes: readonly Box[],
  picture: Size,
  memory: PanelMemory = new PanelMemory(),
): PanelLayout {
  const former = faces.map(({ id }) => (id === undefined ? undefined : memory.panels.get(id)));
  const texts = boxes.map((box, i) => {
    const text = textSize(box, picture);
    const before = former[i]?.text;
    return before !== undefined && Math.abs(text - before) <= SAME_SIZE * before ? before : text;
  });
  const sizesOf = (style: PanelStyle) =>
    faces.map((face, i) => {
      const { width, height } = panelSize(face, style, texts[i]);
      const before = former[i];
      const same = before?.text === texts[i] && style === memory.style;
      return { width: same ? Math.max(width, before.size.width) : width, height };
    });
  const placeAll = (style: PanelStyle) => {
    const sizes = sizesOf(style);
    const spots = style === memory.style ? former.map((before) => before?.spot) : [];
    return { sizes, ...placePanels(boxes, sizes, SIDES[style], GAP, picture, spots) };
  };
  const finish = (style: PanelStyle, placed: Placement & { sizes: readonly Size[] }, width: number) => {
    const panels = placed.panels.map((panel, i) => keepStill(panel, former[i]?.panel, boxes[i]));
    memory.style = faces.length === 0 ? memory.style : style;
    memory.width = Math.max(memory.width, width);
    for (const [i, { id }] of faces.entries()) {
      if (id === undefined) continue;
      const own = { text: texts[i], size: placed.sizes[i], spot: placed.spots[i], panel: panels[i] };
      memory.panels.set(id, own);
    }
    return { style, panels, texts, width: memory.width };
  };

  const strip = faces.length === 1 && memory.width > picture.width;
  if (!strip && memory.style === 'full') {
    const full = placeAll('full');
    if (full.hidden <= MAX_HIDDEN) return finish('full', full, picture.width);
  }
  if (!strip) {
    const compact = placeAll('compact');
    if (faces.length > 1 || compact.hidden <= MAX_HIDDEN) return finish('compact', compact, picture.width);
  }
  const sizes = sizesOf('full');
  const [{ width, height }] = sizes;
  const beside = { x: picture.width + GAP, y: GAP, width, height };
  const total = Math.ceil(picture.width + width + 2 * GAP);
  return finish('full', { sizes, panels: [beside], spots: [], hidden: 0 }, total);
}

/** Keeps the former position of a panel of the same size whose face has hardly moved. */
function keepStill(panel: Box, former: Box | undefined, { width, height }: Box): Box {
  if (former === undefined || former.width !== panel.width || former.height !== panel.height) return panel;
  const moved = Math.max(Math.abs(panel.x - former.x) / width, Math.abs(panel.y - former.y) / height);
  return moved <= SAME_POSITION ? former : panel;
}

/** Scales the font size with the face, within legible limits. */
function textSize({ width, height }: Box, picture: Size): number {
  const maximum = Math.max(11, Math.min(26, picture.height / 18));
  return Math.min(Math.max(Math.max(width, height) / 10, 11), maximum);
}
