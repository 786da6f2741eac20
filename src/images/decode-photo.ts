import type { SharpOptions } from 'sharp';
import { EvopatchError } from '../core/errors.ts';
import { decodePicture } from './decode-picture.ts';
import { DecodingGate } from './decoding-gate.ts';
import { damagedImage, type ImageFile, invalidImage, readImageFile } from './image-file.ts';
import { damageIn } from './jpeg-damage.ts';
import type { Photo } from './photo.ts';
import { adviceFor, PICTURE_FORMAT_NAMES, pictureFormat } from './picture-formats.ts';

type Decode = (failOn: SharpOptions['failOn'], onWarning?: (warning: string) => void) => Promise<Photo>;

/** libvips has one list of errors and warnings for the whole process. */
const gate = new DecodingGate();

/**
 * Decodes a picture of one of the `PICTURE_FORMATS` to 8-bit sRGB, turned upright by its EXIF orientation. The content says
 * the format, whatever the file's name. Of several pictures in a file that is the first one; transparent parts become
 * black; 16 bits become 8. A picture of more than 16 megapixels is reduced to that while it is decoded, and `original`
 * holds its size. The bytes are those of the installed build of libvips.
 *
 * @param source a file, or the bytes of one.
 * @throws EvopatchError `INVALID_IMAGE` where it is no picture of these formats, has more than 128 MiB, a side of more
 * than 20,000 pixels, or more than 64 megapixels (a baseline JPEG 256), takes more than a minute, ends too early, or where
 * its decoder reports damage (changed pixels within well-formed data cannot be known); `FILE_SYSTEM` where the file cannot
 * be read.
 */
export async function decodePhoto(source: string | Uint8Array): Promise<Photo> {
  const image = await readImageFile(source);
  const format = pictureFormat(image.bytes);
  if (format === undefined) throw unknownFormat(image);
  const decode: Decode = (failOn, onWarning) => decodePicture(image, format, failOn, onWarning);
  try {
    return await (format === 'JPEG' ? decodeJpeg(decode) : gate.beside(() => decode('error')));
  } catch (cause) {
    throw damagedImage(image.file, cause);
  }
}

/**
 * Where the data of a JPEG end too early, libjpeg only warns and fills the rest with grey; and it also warns of what does no
 * harm. Which of both it was, can only be known where no other picture is decoded at the same time.
 */
async function decodeJpeg(decode: Decode): Promise<Photo> {
  try {
    return await gate.beside(() => decode('warning'));
  } catch (cause) {
    if (cause instanceof EvopatchError) throw cause;
  }
  return await gate.alone(async () => {
    const warnings: string[] = [];
    const photo = await decode('error', (warning) => warnings.push(warning));
    const damage = damageIn(warnings);
    if (damage !== undefined) throw new Error(damage);
    return photo;
  });
}

function unknownFormat({ bytes, file }: ImageFile) {
  const other = adviceFor(bytes);
  const hint = other?.advice ?? 'Convert the image; its name alone does not count.';
  const kind = other === undefined ? '' : `, but ${other.name}`;
  return invalidImage(`not a ${PICTURE_FORMAT_NAMES}${kind}`, file, hint);
}
