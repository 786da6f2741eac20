import { type Canvas, createCanvas } from 'canvas';
import type { Photo } from '../../images/photo.ts';
import type { Box } from '../../landmarks/landmark-detector.ts';
import type { PredictedFace } from '../prediction.ts';
import { drawFaceMarks } from './face-marks.ts';
import { drawFacePanel, type PanelStyle, panelSize } from './face-panel.ts';
import { placePanels, type Side, type Size } from './place-panels.ts';

/** Smaller photos are enlarged by a whole number until their longer side reaches this, so that text has room. */
const LEAST_SIDE = 480;
/** Share of a panel that may lie on a face before all panels are drawn compact. */
const MOST_HIDDEN = 0.04;
/** Between a box and its panel, pixels of the picture. */
const GAP = 6;
const BESIDE = '#2a2a2d';
const SIDES: Readonly<Record<PanelStyle, readonly Side[]>> = {
  full: ['right', 'left', 'below', 'above'],
  compact: ['above', 'below', 'right', 'left'],
};

/**
 * Draws what was predicted on the photo: each face's box, nose and patches (dashed where the face could not be aligned),
 * its label and the probabilities of all classes, and gender and age where they are known. Equal inputs give equal
 * bytes on one machine.
 *
 * @returns the bytes of a PNG: the photo, or a multiple of a small one; wider where a lone face leaves no room for text.
 */
export function drawPredictions(photo: Photo, faces: readonly PredictedFace[]): Uint8Array {
  const zoom = Math.max(1, Math.ceil(LEAST_SIDE / Math.max(photo.width, photo.height)));
  const picture = { width: photo.width * zoom, height: photo.height * zoom };
  const labels = layOut(faces, zoom, picture);
  const canvas = createCanvas(labels.width, picture.height);
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
  context.scale(zoom, zoom);
  for (const face of faces) drawFaceMarks(context, face, lineOf(face.box, zoom));
  context.restore();
  for (const [i, face] of faces.entries()) {
    drawFacePanel(context, face, labels.panels[i], labels.style, labels.texts[i]);
  }
  return canvas.toBuffer('image/png');
}

interface Labels {
  readonly style: PanelStyle;
  readonly panels: readonly Box[];
  /** Heights of the text of each panel. */
  readonly texts: readonly number[];
  /** Of the picture and what is added to it. */
  readonly width: number;
}

/** Full panels where they leave the faces free, else compact ones, and for a lone face with no room a strip beside it. */
function layOut(faces: readonly PredictedFace[], zoom: number, picture: Size): Labels {
  const boxes = faces.map(({ box: { x, y, width, height } }) => {
    return { x: x * zoom, y: y * zoom, width: width * zoom, height: height * zoom };
  });
  const texts = boxes.map((box) => textSize(box, picture));
  const context = createCanvas(1, 1).getContext('2d'); // only to measure text
  const sizesOf = (style: PanelStyle) => faces.map((face, i) => panelSize(context, face, style, texts[i]));
  const full = sizesOf('full');
  const { panels, hidden } = placePanels(boxes, full, SIDES.full, GAP, picture);
  if (hidden <= MOST_HIDDEN) return { style: 'full', panels, texts, width: picture.width };
  const compact = placePanels(boxes, sizesOf('compact'), SIDES.compact, GAP, picture);
  if (faces.length > 1 || compact.hidden <= MOST_HIDDEN) {
    return { style: 'compact', panels: compact.panels, texts, width: picture.width };
  }
  const [{ width, height }] = full;
  const beside = { x: picture.width + GAP, y: GAP, width, height };
  return { style: 'full', panels: [beside], texts, width: Math.ceil(picture.width + width + 2 * GAP) };
}

/** Lines and letters grow with the face, within what can be seen and read. */
function lineOf({ width, height }: Box, zoom: number): number {
  return Math.min(Math.max((Math.max(width, height) * zoom) / 130, 1), 4) / zoom;
}

function textSize({ width, height }: Box, picture: Size): number {
  const most = Math.max(11, Math.min(26, picture.height / 18));
  return Math.min(Math.max(Math.max(width, height) / 10, 11), most);
}

function canvasOf({ pixels, width, height }: Photo): Canvas {
  const canvas = createCanvas(width, height);
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
