import type { Canvas } from 'canvas';
import { markPng } from '../../charts/mark.ts';
import { loadCanvas } from '../../core/packages.ts';
import { type Photo, reductionOf } from '../../images/photo.ts';
import type { Box } from '../../landmarks/landmark-detector.ts';
import type { FollowedFace } from '../follow-faces.ts';
import type { PredictedFace } from '../prediction.ts';
import { drawFaceMarks } from './face-marks.ts';
import { drawFacePanel } from './face-panel.ts';
import { layOutPanels, PanelMemory } from './lay-out-panels.ts';

/** Smaller photos are enlarged by a whole number until their longer side reaches this, so that text has room. */
const LEAST_SIDE = 480;
/** What is beside a picture. */
const BESIDE = '#2a2a2d';

/**
 * Draws what was predicted on the photo: each face's box, nose and patches (dashed where the face could not be aligned),
 * its label and the probabilities of all classes, gender and age where they are known, and what speaks for the label
 * where `guidedBackpropagation` was asked. Equal inputs give equal bytes on one machine.
 *
 * @returns the bytes of a PNG: the photo, or a multiple of a small one; wider where a lone face leaves no room for text.
 */
export function drawPredictions(photo: Photo, faces: readonly PredictedFace[]): Uint8Array {
  return draw(photo, faces);
}

/**
 * Draws the frames of a stream, each as `drawPredictions` but with panels that keep still as long as their faces nearly do.
 * Where a strip is added beside the picture, earlier frames have none.
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
  const zoom = Math.max(1, Math.ceil(LEAST_SIDE / Math.max(photo.width, photo.height)));
  const scale = zoom / reductionOf(photo); // faces lie on the original
  const picture = { width: photo.width * zoom, height: photo.height * zoom };
  const boxes = faces.map(({ box: { x, y, width, height } }) => {
    return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
  });
  const { width, panels, style, texts } = layOutPanels(faces, boxes, picture, memory);
  const canvas = loadCanvas().createCanvas(width, picture.height);
  const context = canvas.getContext('2d');
  context.fillStyle = BESIDE;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvasOf(photo), 0, 0, picture.width, picture.height);

  context.save();
  context.beginPath();
  context.rect(0, 0, picture.width, picture.height);
  context.clip();
  context.scale(scale, scale);
  for (const face of faces) drawFaceMarks(context, face, lineOf(face.box, scale));
  context.restore();
  for (const [i, face] of faces.entries()) drawFacePanel(context, face, panels[i], style, texts[i]);
  return markPng(canvas.toBuffer('image/png'));
}

/** Lines grow with the face, within what can be seen. */
function lineOf({ width, height }: Box, scale: number): number {
  return Math.min(Math.max((Math.max(width, height) * scale) / 130, 1), 4) / scale;
}

function canvasOf({ pixels, width, height }: Photo): Canvas {
  const canvas = loadCanvas().createCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  for (let from = 0, to = 0; from < pixels.length; from += 3, to += 4) {
    image.data[to] = pixels[from];
    image.data[to + 1] = pixels[from + 1];
    image.data[to + 2] = pixels[from + 2];
    image.data[to + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
