import type { SharpOptions } from 'sharp';
import { EvopatchError } from '../core/errors.ts';
import { damageIn } from './damage.ts';
import { decodePicture } from './decode-picture.ts';
import { DecodingGate } from './decoding-gate.ts';
import { damagedImage, type ImageFile, invalidImage, readImageFile } from './image-file.ts';
import type { Photo } from './photo.ts';
import { adviceFor, PICTURE_FORMAT_NAMES, pictureFormat } from './picture-formats.ts';

type Decode = (failOn: SharpOptions['failOn'], onWarning?: (warning: string) => void) => Promise<Photo>;

/** libvips has one list of errors and warnings for the whole process. */
const gate = new DecodingGate();

/**
 * Decodes a picture of one of the `PICTURE_FORMATS` to 8-bit sRGB, upright according to its EXIF orientation. The content decides
 * the format, not the file's name. It decodes the first picture of a file with several; transparent parts become black; 16 bits
 * become 8. A picture of more than 16 megapixels is reduced to that while it is decoded, and `original` holds its size. The bytes
 * depend on the installed build of libvips.
 *
 * @param source a file, or the bytes of one
 * @throws EvopatchError `INVALID_IMAGE` for a picture of another format, with more than 128 MiB, a side of more than 20,000
 * pixels, or more than 64 megapixels (a baseline JPEG 256), that takes more than a minute or ends too early, or if its decoder
 * reports damage (it cannot detect changed pixels within well-formed data); `FILE_SYSTEM` if the file cannot be read.
 */
export async function decodePhoto(source: string | Uint8Array): Promise<Photo> {
  const image = await readImageFile(source);
  const format = pictureFormat(image.bytes);
  if (format === undefined) throw unknownFormat(image);
  const decode: Decode = (failOn, onWarning) => decodePicture(image, format, failOn, onWarning);
  try {
    return await (format === 'JPEG' ? decodeJpeg(decode) : gate.runConcurrently(() => decode('error')));
  } catch (cause) {
    throw damagedImage(image.file, cause);
  }
}

/**
 * Decodes a JPEG. If its data end too early, libjpeg only warns and fills the rest with grey, and it also warns about harmless
 * faults. The warnings belong to this picture only if no other one is decoded at the same time.
 */
async function decodeJpeg(decode: Decode): Promise<Photo> {
  try {
    return await gate.runConcurrently(() => decode('warning'));
  } catch (cause) {
    if (cause instanceof EvopatchError) throw cause;
  }
  return await gate.runExclusively(async () => {
    const warnings: string[] = [];
    const photo = await decode('error', (warning) => warnings.push(warning));
    const damage = damageIn(warnings);
    if (damage !== undefined) throw new Error(damage);
    return photo;
  });
}

function unknownFormat({ bytes, file }: ImageFile) {
  const other = adviceFor(bytes);
  const hint = other?.advice ?? 'Convert the image; renaming it does not help.';
  const kind = other === undefined ? '' : `, but ${other.name}`;
  return invalidImage(`not a ${PICTURE_FORMAT_NAMES}${kind}`, file, hint);
}
