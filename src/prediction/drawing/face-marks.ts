import { colorOf } from '../../charts/colors.ts';
import type { Point, Surface } from '../../charts/surface.ts';
import type { PredictedFace } from '../prediction.ts';

const SHADE = { stroke: '#000000', strokeOpacity: 0.5 } as const;
const LIGHT = '#ffffff';
/** Length of the angles at the corners of a box, as a share of its shorter side. */
const ANGLE = 0.16;

/**
 * Draws a face's patches, box and nose on its photo.
 *
 * @param scale pixels of the picture for each pixel of the original photo
 */
export function drawFaceMarks(
  surface: Pick<Surface, 'shape' | 'rounded'>,
  { aligned, patches, box, pose }: PredictedFace,
  scale: number,
): void {
  const line = lineWidthOf(Math.max(box.width, box.height) * scale);
  const scaled = ([x, y]: Point): Point => [x * scale, y * scale];
  /** Draws a line above a dark one, so that it stands out from any photo. */
  const outline = (points: readonly Point[], color: string, open?: 'open') => {
    surface.shape(points, { ...SHADE, lineWidth: 2 * line }, open);
    surface.shape(points, { stroke: color, lineWidth: line }, open);
  };
  for (const { patch, corners } of patches) {
    const color = colorOf(patch);
    const points = corners.map(scaled);
    surface.shape(points, { fill: color, fillOpacity: 0.14 });
    if (aligned) outline(points, color);
    // Without alignment the positions of patches are only assumed.
    else surface.shape(points, { stroke: color, lineWidth: line, dash: [3 * line, 3 * line] });
  }
  for (const angle of anglesOf(box)) outline(angle.map(scaled), LIGHT, 'open');
  const [x, y] = scaled(pose.noseTip);
  const radius = 2.2 * line;
  const dot = { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
  surface.rounded(dot, radius, { fill: LIGHT, ...SHADE, lineWidth: 0.8 * line });
}

/** Scales lines with the face, 1 to 4 pixels of the picture. */
function lineWidthOf(side: number): number {
  return Math.min(Math.max(side / 130, 1), 4);
}

/** Marks only the corners of the box, so that the face stays visible. */
function anglesOf({ x, y, width, height }: PredictedFace['box']): Point[][] {
  const arm = ANGLE * Math.min(width, height);
  const columns = [
    [x, arm],
    [x + width, -arm],
  ] as const;
  const rows = [
    [y, arm],
    [y + height, -arm],
  ] as const;
  return columns.flatMap(([cornerX, stepX]) =>
    rows.map(([cornerY, stepY]): Point[] => [
      [cornerX + stepX, cornerY],
      [cornerX, cornerY],
      [cornerX, cornerY + stepY],
    ]),
  );
}
