import type { Canvas, SKRSContext2D } from 'canvas';
import { loadCanvas } from '../core/packages.ts';
import { contextShapes } from './context-shapes.ts';
import { markPng } from './mark.ts';
import type { Placement, RgbaImage, Surface } from './surface.ts';
import { drawText } from './text.ts';

/** A surface of pixels that is transparent until something is drawn. */
export interface CanvasSurface extends Surface {
  /** The bytes of a PNG. */
  toPng(): Uint8Array;
  toRgba(): RgbaImage;
}

/** Opens a surface of pixels. @param scale pixels for each unit; sides are rounded to whole pixels */
export function canvasSurface(width: number, height: number, scale: number): CanvasSurface {
  const canvas = loadCanvas().createCanvas(Math.round(width * scale), Math.round(height * scale));
  const context = canvas.getContext('2d');
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.imageSmoothingQuality = 'high';

  return {
    ...contextShapes(context, scale),
    text: (text, x, y, style) => {
      drawText(context, text, x * scale, y * scale, { ...style, size: style.size * scale });
    },
    gradient: ({ x, y, width, height }, tintAt) => {
      const top = Math.round(y * scale);
      const rows = Math.round(height * scale);
      for (let row = 0; row < rows; row++) {
        const { color, opacity } = tintAt(1 - row / (rows - 1));
        context.globalAlpha = opacity;
        context.fillStyle = color;
        context.fillRect(x * scale, top + row, width * scale, 1);
      }
      context.globalAlpha = 1;
    },
    cells: (image, placement) => drawImage(context, image, placement, scale, false),
    picture: (image, placement) => drawImage(context, image, placement, scale, true),
    clipped: ({ x, y, width, height }, draw) => {
      context.save();
      context.beginPath();
      context.rect(x * scale, y * scale, width * scale, height * scale);
      context.clip();
      draw();
      context.restore();
    },
    toPng: () => markPng(canvas.toBuffer('image/png')),
    toRgba: () => {
      const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
      return { pixels: data, width, height };
    },
  };
}

function drawImage(
  context: SKRSContext2D,
  image: RgbaImage,
  { a, b, tx, ty }: Placement,
  scale: number,
  smooth: boolean,
): void {
  context.save();
  context.transform(a * scale, b * scale, -b * scale, a * scale, tx * scale, ty * scale);
  context.imageSmoothingEnabled = smooth;
  context.drawImage(canvasOf(image), 0, 0);
  context.restore();
}

/** Copies an image to a canvas of its size. */
export function canvasOf({ pixels, width, height }: RgbaImage): Canvas {
  const canvas = loadCanvas().createCanvas(width, height);
  const context = canvas.getContext('2d');
  const data = context.createImageData(width, height);
  data.data.set(pixels);
  context.putImageData(data, 0, 0);
  return canvas;
}
