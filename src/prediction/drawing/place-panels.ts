import type { Box } from '../../landmarks/landmark-detector.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Side = 'right' | 'left' | 'above' | 'below';

/** Where a panel lies beside its box. */
export interface Spot {
  readonly side: Side;
  /** Where along the side it begins, 0 to 1. */
  readonly along: number;
}

/** Panels beside their boxes, and the largest share of a panel that lies on a face or another panel. */
export interface Placement {
  readonly panels: readonly Box[];
  readonly spots: readonly Spot[];
  readonly hidden: number;
}

/** Where a panel begins along a side: with the box, in the middle, or so that both end together. */
const ALONG = [0, 0.5, 1];
/** Share of a panel that may lie on a face or another panel before it leaves its former spot. */
const STAYS = 0.1;

/**
 * Puts a panel beside each box, inside the picture: in turn, each where it hides the least of faces and of earlier
 * panels; of equally good places at the first of the sides.
 *
 * @param former where the panels were before; they stay there as long as they hide hardly more than at the best place
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
