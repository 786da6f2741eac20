import { faceSquare, type Rectangle } from '../genome/patches.ts';
import { reductionOf } from '../images/photo.ts';
import { compose, inverse, type Similarity } from '../landmarks/similarity.ts';
import type { PatchMapContent } from './content.ts';
import { LEGEND_WIDTH } from './legend-column.ts';

/** Margin around the face and the legend, units. */
const MARGIN = 2;
/** Smaller photos are enlarged by a whole factor until their longer side reaches this, so that lines have room. */
const MIN_SIDE = 480;
/** Limits of a unit beside a photo, picture pixels; between them the legend grows with the photo. */
const PHOTO_UNIT = { minimum: 8, maximum: 24 };

/** Says where the parts of a picture lie, in units. A unit is a frame pixel of the face, except on a photo. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Picture pixels for each unit. */
  readonly scale: number;
  /** The rectangle that the face or the photo fills. */
  readonly area: Rectangle;
  /** Map pixels of the frame to units, one for each face. */
  readonly placements: readonly Similarity[];
  /** Maps pixels of the photo to units, if there is a photo. */
  readonly photoPlacement?: Similarity;
  /** The upper left corner of the legend; an overlay has none. */
  readonly legend?: { readonly x: number; readonly y: number };
}

/**
 * @param scale picture pixels for each frame pixel if there is no photo
 * @param legendHeight units that the legend needs; `undefined` for an overlay, which has none
 */
export function layOut(
  { frame, photo }: Pick<PatchMapContent, 'frame' | 'photo'>,
  scale: number,
  legendHeight: number | undefined,
): Layout {
  const overlay = legendHeight === undefined;
  const margin = overlay ? 0 : MARGIN;
  const view = faceSquare(frame);
  if (photo === undefined) {
    const area = { x: margin, y: margin, width: view.width, height: view.height };
    const placement = { a: 1, b: 0, tx: margin - view.x, ty: margin - view.y };
    return { scale, area, placements: [placement], ...surround(area, legendHeight) };
  }
  const { width, height } = photo.photo;
  const zoom = overlay ? 1 : Math.max(1, Math.ceil(MIN_SIDE / Math.max(width, height)));
  const wanted = Math.round((zoom * height) / (view.height + 2 * MARGIN));
  const unit = overlay ? 1 : Math.min(Math.max(wanted, PHOTO_UNIT.minimum), PHOTO_UNIT.maximum);
  const photoPlacement = { a: zoom / unit, b: 0, tx: margin, ty: margin };
  const area = { x: margin, y: margin, width: photoPlacement.a * width, height: photoPlacement.a * height };
  const originalPlacement = { ...photoPlacement, a: photoPlacement.a / reductionOf(photo.photo) };
  const placements = photo.similarities.map((similarity) => compose(originalPlacement, inverse(similarity)));
  return { scale: unit, area, placements, photoPlacement, ...surround(area, legendHeight) };
}

function surround(
  area: Rectangle,
  legendHeight: number | undefined,
): Pick<Layout, 'width' | 'height' | 'legend'> {
  if (legendHeight === undefined) return { width: area.width, height: area.height };
  const x = area.x + area.width + MARGIN;
  return {
    width: x + LEGEND_WIDTH + MARGIN,
    height: MARGIN + Math.max(area.height, legendHeight) + MARGIN,
    legend: { x, y: MARGIN },
  };
}
