import type { Sharp, SharpOptions } from 'sharp';
import { loadSharp } from '../core/packages.ts';
import { openBmp } from './bmp.ts';
import { isWholeGif } from './damage.ts';
import { type ImageFile, invalidImage, MAX_PIXELS } from './image-file.ts';
import type { Photo, PictureSize } from './photo.ts';
import type { FormatName } from './picture-formats.ts';
import { openPnm } from './pnm.ts';

/** Maximum pixels along each side of a picture. */
const MAX_SIDE = 20_000;
/** Maximum pixels of a picture before it is reduced. */
const MAX_SOURCE_PIXELS = 64_000_000;
/** Maximum pixels of a baseline JPEG, which is reduced before its pixels are in memory. */
const MAX_JPEG_PIXELS = 256_000_000;
/** Seconds that one picture may take. */
const MAX_SECONDS = 60;

/** A picture whose header has been read. */
interface OpenedPicture {
  /** Size of the upright picture. */
  readonly size: PictureSize;
  /** Maximum pixels of the format, before the picture is reduced. */
  readonly maxPixels: number;
  readonly open: (failOn: SharpOptions['failOn']) => Sharp;
}

/**
 * Decodes a picture of a known format, as `decodePhoto` documents.
 *
 * @param failOn the severity at which libvips stops
 * @param onWarning called with the warnings below that severity
 * @throws Error of the decoder, EvopatchError `INVALID_IMAGE` for pictures that are not supported.
 */
export async function decodePicture(
  image: ImageFile,
  format: FormatName,
  failOn: SharpOptions['failOn'],
  onWarning?: (warning: string) => void,
): Promise<Photo> {
  const { size, maxPixels, open } = await openPicture(image, format);
  checkSize(size, maxPixels, image.file);
  const reduced = reducedSize(size);
  const opened = open(failOn);
  if (onWarning !== undefined) opened.on('warning', onWarning);
  const { data, info } = await opened
    .timeout({ seconds: MAX_SECONDS })
    .autoOrient()
    .resize(reduced && { ...reduced, fit: 'fill' })
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height, ...(reduced && { original: size }) };
}

/** Reads the header of a picture. @throws Error of the decoder, EvopatchError `INVALID_IMAGE` for camera raw. */
async function openPicture({ bytes, file }: ImageFile, format: FormatName): Promise<OpenedPicture> {
  const sharp = loadSharp();
  if (format === 'BMP' || format === 'PGM or PPM') {
    const { width, height, decode } = format === 'BMP' ? openBmp(bytes) : openPnm(bytes);
    const open = () => {
      const { pixels, ...raw } = decode();
      return sharp(pixels, { raw });
    };
    return { size: { width, height }, maxPixels: MAX_SOURCE_PIXELS, open };
  }
  if (format === 'GIF' && !isWholeGif(bytes)) throw new Error('it ends too early');
  const open = (failOn: SharpOptions['failOn']) => sharp(bytes, { failOn, limitInputPixels: false }); // our own limits follow
  const { autoOrient: size, isProgressive, subifds } = await open('error').metadata();
  if (format === 'TIFF' && subifds) {
    const hint = 'Develop it to JPEG.'; // its first picture is a preview
    throw invalidImage('a TIFF of several resolutions or camera raw', file, hint);
  }
  const maxPixels = format === 'JPEG' && !isProgressive ? MAX_JPEG_PIXELS : MAX_SOURCE_PIXELS;
  return { size, maxPixels, open };
}

function checkSize({ width, height }: PictureSize, maxPixels: number, file: string | undefined): void {
  const pixels = width * height;
  if (pixels <= maxPixels && Math.max(width, height) <= MAX_SIDE) return;
  const megapixels = (count: number) => `${Math.ceil(count / 1e6)} megapixels`;
  const hint =
    `It has ${width}×${height} pixels, ${megapixels(pixels)}; it may have ${megapixels(maxPixels)}, and ` +
    `${MAX_SIDE} along each side. Shrink it.`;
  throw invalidImage('the image is too large', file, hint);
}

/** Computes the size of a picture with too many pixels after reduction. */
function reducedSize({ width, height }: PictureSize): PictureSize | undefined {
  const scale = Math.sqrt(MAX_PIXELS / (width * height));
  if (scale >= 1) return undefined;
  return { width: Math.floor(scale * width), height: Math.floor(scale * height) };
}
