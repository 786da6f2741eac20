import type { Paint, Surface } from './surface.ts';

/** What shapes need of a canvas's context, in pages and in Node. */
export interface ShapeContext {
  fillStyle: unknown;
  strokeStyle: unknown;
  globalAlpha: number;
  lineWidth: number;
  beginPath(): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  roundRect(x: number, y: number, width: number, height: number, radius: number): void;
  fill(): void;
  stroke(): void;
  setLineDash(segments: number[]): void;
}

/** Draws shapes by a canvas's context. @param scale pixels for each unit */
export function contextShapes(context: ShapeContext, scale = 1): Pick<Surface, 'shape' | 'rounded'> {
  const paintPath = ({
    fill,
    fillOpacity = 1,
    stroke,
    strokeOpacity = 1,
    lineWidth = 1,
    dash = [],
  }: Paint) => {
    if (fill !== undefined) {
      context.globalAlpha = fillOpacity;
      context.fillStyle = fill;
      context.fill();
    }
    if (stroke !== undefined) {
      context.globalAlpha = strokeOpacity;
      context.strokeStyle = stroke;
      context.lineWidth = lineWidth * scale;
      context.setLineDash(dash.map((length) => length * scale));
      context.stroke();
    }
    context.globalAlpha = 1;
  };
  return {
    shape: (points, paint, open) => {
      context.beginPath();
      for (const [x, y] of points) context.lineTo(x * scale, y * scale);
      if (open === undefined) context.closePath();
      paintPath(paint);
    },
    rounded: ({ x, y, width, height }, radius, paint) => {
      context.beginPath();
      context.roundRect(x * scale, y * scale, width * scale, height * scale, radius * scale);
      paintPath(paint);
    },
  };
}
