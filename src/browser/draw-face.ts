import { contextShapes } from '../charts/context-shapes.ts';
import { drawFaceMarks } from '../prediction/drawing/face-marks.ts';
import type { PredictedFace } from '../prediction/prediction.ts';

/**
 * Draws the patches of a face, with its box and nose, onto a canvas that shows its picture.
 *
 * @param scale pixels of the canvas for each pixel of the picture
 */
export function drawFace(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  face: PredictedFace,
  scale = 1,
): void {
  context.save();
  context.lineJoin = 'round';
  context.lineCap = 'round';
  drawFaceMarks(contextShapes(context), face, scale);
  context.restore();
}
