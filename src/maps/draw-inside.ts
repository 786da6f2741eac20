import { colorOf } from '../charts/colors.ts';
import type { Point } from '../charts/surface.ts';
import { cornersOf, type Surface } from '../charts/surface.ts';
import { rectanglesOf } from '../genome/patches.ts';
import { applySimilarity, type Similarity } from '../landmarks/similarity.ts';
import type { PatchMapContent } from './content.ts';
import { drawFace, rgbaOf } from './face-picture.ts';
import type { Layout } from './layout.ts';
import type { Legend } from './legend.ts';
import { BADGE, COLOR_SCALES, drawBadge, drawCross, heatOpacity, outlineColor } from './marks.ts';
import { cells } from './saliency-cells.ts';

/** The lines of more genomes than this fade, so that they do not hide the colours of the heat. */
const LINES_SEEN = 8;
const WHITE = '#ffffff';
/** Lines, badges and crosses never get smaller than on a frame pixel of these sizes, units. */
const MIN_LINE_UNIT = 0.4;
const MIN_BADGE_UNIT = 0.7;
const MIN_CROSS_UNIT = 0.5;
/** If frame pixels are smaller than this, numbers would hide their patches. */
const MIN_NUMBERED_UNIT = 0.4;

/** Fills the area of a map: draws the face or the photo, then the map on each face. */
export function drawInside(
  surface: Surface,
  legend: Legend,
  { area, placements, photoPlacement }: Pick<Layout, 'area' | 'placements' | 'photoPlacement'>,
  overlay: boolean,
): void {
  const { face, frame, photo } = legend.content;
  surface.clipped(area, () => {
    if (!overlay && photo === undefined) drawFace(surface, face, frame, placements[0]);
    if (!overlay && photo !== undefined && photoPlacement !== undefined) {
      surface.picture(rgbaOf(photo.photo), photoPlacement);
    }
    const fade = !overlay && photo === undefined;
    for (const placement of placements) {
      drawOver(surface, legend, placement, fade);
      if (overlay) continue;
      const [x, y] = applySimilarity(placement, frame.noseX, frame.noseY);
      drawCross(surface, x, y, Math.max(unitOf(placement), MIN_CROSS_UNIT));
    }
    // last, so that nothing hides a number
    for (const placement of placements) drawBadges(surface, legend, placement);
  });
}

/** Length of a frame pixel, units. */
function unitOf({ a, b }: Similarity): number {
  return Math.sqrt(a * a + b * b);
}

function drawOver(surface: Surface, legend: Legend, placement: Similarity, fade: boolean): void {
  const single = legend.data.unit === 'patches';
  if (legend.style === 'heat') drawHeat(surface, legend, placement);
  else if (single) drawPatches(surface, legend, placement, fade);
  else drawOutlines(surface, legend, placement, fade);
}

/** Draws the patches of one genome, each in its own colour, and fades the pixels that it does not read. */
function drawPatches(
  surface: Surface,
  { content, data }: Legend,
  placement: Similarity,
  fade: boolean,
): void {
  const { genomes, frame } = content;
  if (fade)
    surface.cells(
      cells(data.grid, (value) => (value > 0 ? undefined : [255, 255, 255, 0.62])),
      placement,
    );
  const unit = unitOf(placement);
  const line = 0.4 * Math.max(unit, MIN_LINE_UNIT);
  for (const [index, patch] of genomes[0].patches.entries()) {
    const color = colorOf(index);
    for (const { x, y, width, height } of rectanglesOf(patch, frame)) {
      const corners = (inset: number) => {
        const part = inset / unit;
        const box = { x: x + part, y: y + part, width: width - 2 * part, height: height - 2 * part };
        return cornersOf(box).map(([column, row]) => applySimilarity(placement, column, row));
      };
      surface.shape(corners(0), { fill: color, fillOpacity: 0.1 });
      surface.shape(corners(line / 2), { stroke: color, lineWidth: line });
    }
  }
}

/** Numbers the patches of one genome. */
function drawBadges(surface: Surface, { content, data, style }: Legend, placement: Similarity): void {
  if (data.unit !== 'patches' || style !== 'outlines') return;
  if (unitOf(placement) < MIN_NUMBERED_UNIT) return; // colours alone identify the patches
  const unit = Math.max(unitOf(placement), MIN_BADGE_UNIT);
  const side = BADGE * unit;
  const taken: Point[] = [];
  for (const [index, patch] of content.genomes[0].patches.entries()) {
    for (const [half, { x, y, width }] of rectanglesOf(patch, content.frame).entries()) {
      // the two halves of a pair mirror each other
      const [corner, top] = applySimilarity(placement, half === 0 ? x : x + width, y);
      const inward = half === 0 ? side : -side;
      let left = half === 0 ? corner : corner - side;
      const hides = ([otherX, otherY]: Point) => {
        return Math.abs(left - otherX) < 0.8 * side && Math.abs(top - otherY) < 0.8 * side;
      };
      while (taken.some(hides)) left += inward;
      taken.push([left, top]);
      drawBadge(surface, `${index + 1}`, colorOf(index), left, top, unit);
    }
  }
}

/** Colours pixels: the more networks (or patches of one) read a pixel, the brighter and less transparent it is. */
function drawHeat(surface: Surface, { content, data, colors, top }: Legend, placement: Similarity): void {
  const scale = COLOR_SCALES[colors];
  const heat = cells(data.grid, (value) => {
    return value === 0 ? undefined : [...scale(value / top), heatOpacity(value / top)];
  });
  surface.cells(heat, placement);
  const opacity = 0.45 * Math.min(1, Math.sqrt(LINES_SEEN / content.genomes.length));
  drawRectangles(surface, content, placement, 0.12, (share) => {
    return { stroke: WHITE, strokeOpacity: opacity * share };
  });
}

/** Frames the patches of several genomes: the heavier the genome, the darker the line. */
function drawOutlines(
  surface: Surface,
  { content, data, colors }: Legend,
  placement: Similarity,
  fade: boolean,
): void {
  if (fade)
    surface.cells(
      cells(data.grid, () => [255, 255, 255, 0.55]),
      placement,
    );
  drawRectangles(surface, content, placement, 0.25, (share) => {
    return { stroke: outlineColor(share, colors), strokeOpacity: 0.35 + 0.5 * share };
  });
}

/** Frames all patches, those of the heaviest genomes last. @param width of a line, frame pixels */
function drawRectangles(
  surface: Surface,
  { genomes, weights, frame }: PatchMapContent,
  placement: Similarity,
  width: number,
  paintOf: (share: number) => { stroke: string; strokeOpacity: number },
): void {
  const heaviest = Math.max(...weights);
  const lineWidth = width * Math.max(unitOf(placement), MIN_LINE_UNIT);
  const order = weights.map((_, index) => index).sort((one, other) => weights[one] - weights[other]);
  for (const index of order) {
    const paint = { ...paintOf(weights[index] / heaviest), lineWidth };
    for (const rectangle of genomes[index].patches.flatMap((patch) => rectanglesOf(patch, frame))) {
      const corners = cornersOf(rectangle).map(([column, row]) => applySimilarity(placement, column, row));
      surface.shape(corners, paint);
    }
  }
}
