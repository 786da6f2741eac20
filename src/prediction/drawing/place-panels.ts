import type { Box } from '../../landmarks/landmark-detector.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Side = 'right' | 'left' | 'above' | 'below';

/** Says where a panel lies beside its box. */
export interface Spot {
  readonly side: Side;
  /** Where along the side it lies, from 0 (at its start) to 1 (at its end). */
  readonly along: number;
}

/** Holds panels beside their boxes, and the maximum share of a panel that lies on faces or other panels. */
export interface Placement {
  readonly panels: readonly Box[];
  readonly spots: readonly Spot[];
  readonly hidden: number;
}

/** Positions along a side to try: aligned with the start of the box, its middle or its end. */
const ALONG = [0, 0.5, 1];
/** A panel leaves its former spot if it hides more than this share of itself beyond the best spot. */
const STAYS = 0.1;

/**
 * Places a panel beside each box, inside the picture, one after the other: each where it hides least of the faces and the
 * earlier panels, and on the first side among equally good spots.
 *
 * @param former earlier spots of the panels, which stay there while they hide hardly more than at the best spot
 */
export function placePanels(
  boxes: readonly Box[],
  sizes: readonly Size[],
  sides: readonly Side[],
  gap: number,
  picture: Size,
  former: readonly (Spot | undefined)[] = [],
): Placement {
  const panels: Box[] = [];
  const spots: Spot[] = [];
  let hidden = 0;
  for (const [index, box] of boxes.entries()) {
    const size = sizes[index];
    const area = size.width * size.height;
    const covered = [...boxes, ...panels];
    const rate = (spot: Spot) => {
      const panel = moveInto(picture, { ...size, ...cornerAt(spot, box, size, gap) });
      return { spot, panel, cost: covered.reduce((sum, other) => sum + commonArea(panel, other), 0) };
    };
    const rated = sides.flatMap((side) => ALONG.map((along) => rate({ side, along })));
    const best = rated.reduce((a, b) => (b.cost < a.cost ? b : a));
    const before = former[index];
    const same = before && rate(before);
    const chosen = same && same.cost <= best.cost + STAYS * area ? same : best;
    panels.push(chosen.panel);
    spots.push(chosen.spot);
    hidden = Math.max(hidden, chosen.cost / area);
  }
  return { panels, spots, hidden };
}

function cornerAt({ side, along }: Spot, box: Box, size: Size, gap: number): { x: number; y: number } {
  const x = box.x + along * (box.width - size.width);
  const y = box.y + along * (box.height - size.height);
  if (side === 'right') return { x: box.x + box.width + gap, y };
  if (side === 'left') return { x: box.x - gap - size.width, y };
  return { x, y: side === 'above' ? box.y - gap - size.height : box.y + box.height + gap };
}

function moveInto(picture: Size, { x, y, width, height }: Box): Box {
  return {
    x: Math.max(0, Math.min(x, picture.width - width)),
    y: Math.max(0, Math.min(y, picture.height - height)),
    width,
    height,
  };
}

function commonArea(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}
