import { canvasSurface } from '../../charts/canvas-surface.ts';
import { cornersOf } from '../../charts/surface.ts';
import { type Photo, reductionOf } from '../../images/photo.ts';
import { rgbaOf } from '../../maps/face-picture.ts';
import type { FollowedFace } from '../follow-faces.ts';
import type { PredictedFace } from '../prediction.ts';
import { drawFaceMarks } from './face-marks.ts';
import { drawFacePanel } from './face-panel.ts';
import { layOutPanels, PanelMemory } from './lay-out-panels.ts';

/** Smaller photos are enlarged by a whole factor until their longer side reaches this, so that text has room. */
const MIN_SIDE = 480;
/** Colour of the strip beside a picture. */
const BESIDE = '#2a2a2d';

/**
 * Draws the predictions on the photo: each face's box, nose and patches (dashed if the face could not be aligned), its
 * label and the probabilities of all classes, gender and age if known, and the pixels that speak for the label if
 * `guidedBackpropagation` was used. Equal inputs give equal bytes on one machine.
 *
 * @returns the bytes of a PNG as large as the photo, or a multiple of a small one; wider if a lone face leaves no room
 * for text
 */
export function drawPredictions(photo: Photo, faces: readonly PredictedFace[]): Uint8Array {
  return draw(photo, faces);
}

/**
 * Returns a function that draws the frames of a stream like `drawPredictions`, except that panels keep still while their
 * faces hardly move. If a frame needs a strip beside the picture, later frames keep it, but earlier ones lack it.
 */
export function streamDrawer(): (photo: Photo, faces: readonly FollowedFace[]) => Uint8Array {
  const memory = new PanelMemory();
  return (photo, faces) => draw(photo, faces, memory);
}

function draw(
  photo: Photo,
  faces: readonly (PredictedFace | FollowedFace)[],
  memory?: PanelMemory,
): Uint8Array {
  const zoom = Math.max(1, Math.ceil(MIN_SIDE / Math.max(photo.width, photo.height)));
  const scale = zoom / reductionOf(photo); // faces lie on the original
  const picture = { width: photo.width * zoom, height: photo.height * zoom };
  const boxes = faces.map(({ box: { x, y, width, height } }) => {
    return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
  });
  const { width, panels, style, texts } = layOutPanels(faces, boxes, picture, memory);
  const surface = canvasSurface(width, picture.height, 1);
  const whole = { x: 0, y: 0, ...picture };
  surface.shape(cornersOf({ ...whole, width }), { fill: BESIDE });
  surface.clipped(whole, () => {
    surface.picture(rgbaOf(photo), { a: zoom, b: 0, tx: 0, ty: 0 });
    for (const face of faces) drawFaceMarks(surface, face, scale);
  });
  for (const [i, face] of faces.entries()) drawFacePanel(surface, face, panels[i], style, texts[i]);
  return surface.toPng();
}
