import { describeValue } from '../core/describe-value.ts';
import { EvopatchError } from '../core/errors.ts';
import { type OpenImage, openPixels, type PixelSource } from '../images/open-pixels.ts';

/**
 * A picture of a page: pixels, such as the `ImageData` of a canvas, or what a canvas draws: an image, a canvas, a bitmap, a video
 * or a frame of one. Transparent parts become black.
 */
export type PageImage = PixelSource | DrawableImage;
type DrawableImage = Exclude<CanvasImageSource, SVGImageElement>;

const FORMS =
  'A picture is an ImageData, { pixels, width, height } with 3 or 1 levels a pixel, an image, a canvas, a bitmap, a video or a frame of one.';

/** @throws EvopatchError `INVALID_IMAGE` if it is no picture, has no pixels yet, or may not be read. */
export function openPageImage(image: PageImage): OpenImage {
  return openPixels(isDrawable(image) ? pixelsOf(image) : image, FORMS);
}

function isDrawable(image: PageImage): image is DrawableImage {
  return typeof image === 'object' && image !== null && !('data' in image) && !('pixels' in image);
}

/** Draws a picture in its own size and reads its pixels. */
function pixelsOf(image: DrawableImage): ImageData {
  const { width, height } = sizeOf(image);
  if (!(width > 0 && height > 0)) {
    const hint = `${FORMS} Wait for 'load' of an image and for 'loadeddata' of a video.`;
    throw new EvopatchError('INVALID_IMAGE', 'there are no pixels', { given: describeValue(image), hint });
  }
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', {
      willReadFrequently: true,
    }) as OffscreenCanvasRenderingContext2D;
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  } catch (cause) {
    const hint = `${FORMS} Pictures of other origins need CORS.`;
    throw new EvopatchError('INVALID_IMAGE', 'the pixels cannot be read', { hint }, cause);
  }
}

/** The size of the picture itself, which that of its element on the page need not be. */
function sizeOf(image: DrawableImage): { readonly width: number; readonly height: number } {
  if ('videoWidth' in image) return { width: image.videoWidth, height: image.videoHeight };
  if ('displayWidth' in image) return { width: image.displayWidth, height: image.displayHeight };
  if ('naturalWidth' in image) return { width: image.naturalWidth, height: image.naturalHeight };
  return image;
}
