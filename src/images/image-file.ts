import { describeValue } from '../core/describe-value.ts';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { openFile } from '../core/open-file.ts';

/** Maximum size of a file: an uncompressed TIFF of 40 megapixels fits. */
const MAX_BYTES = 128 * 2 ** 20;
/** Maximum pixels of a photo in memory, and of each picture of an animation. */
export const MAX_PIXELS = 16_000_000;

/** The bytes of an image file, and its name if known. */
export interface ImageFile {
  readonly bytes: Uint8Array;
  readonly file: string | undefined;
}

/**
 * Reads an image file.
 *
 * @param source a file, or the bytes of one
 * @throws EvopatchError `INVALID_IMAGE` for another value, an empty file or one larger than 128 MiB, `FILE_SYSTEM`.
 */
export async function readImageFile(source: string | Uint8Array): Promise<ImageFile> {
  if (typeof source !== 'string' && !(source instanceof Uint8Array)) {
    const hint = 'Give the path of an image file, or its bytes.';
    throw new EvopatchError('INVALID_IMAGE', 'not an image file', { given: describeValue(source), hint });
  }
  const file = typeof source === 'string' ? source : undefined;
  const bytes = typeof source === 'string' ? await readWhole(source) : source;
  if (!(bytes instanceof Uint8Array)) {
    const given = source === null ? 'null' : typeof source;
    const hint = 'Give the name of an image file, or its bytes as a Uint8Array.';
    throw new EvopatchError('INVALID_IMAGE', 'not an image', { given, hint });
  }
  if (bytes.length === 0) throw invalidImage('the image file is empty', file, 'Replace or remove it.');
  checkBytes(bytes.length, file);
  return { bytes, file };
}

export function invalidImage(
  problem: string,
  file: string | undefined,
  hint: string,
  cause?: unknown,
): EvopatchError {
  return new EvopatchError('INVALID_IMAGE', problem, { file, hint }, cause);
}

/** Makes the error for an image that the decoder cannot decode, with the decoder's reason. */
export function damagedImage(file: string | undefined, cause: unknown): EvopatchError {
  if (cause instanceof EvopatchError) return cause;
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return invalidImage(`the image is damaged: ${reason}`, file, 'Replace or remove the image.', cause);
}

/** Reads through one handle, so that the file does not change between measuring and reading. */
async function readWhole(file: string): Promise<Buffer> {
  const handle = await openFile(file, 'cannot read the image');
  try {
    checkBytes((await handle.stat()).size, file);
    return await handle.readFile();
  } catch (cause) {
    throw cause instanceof EvopatchError ? cause : fileSystemError('cannot read the image', file, cause);
  } finally {
    await handle.close();
  }
}

function checkBytes(bytes: number, file: string | undefined): void {
  if (bytes <= MAX_BYTES) return;
  const megabytes = (count: number) => `${Math.ceil(count / 2 ** 20)} MiB`;
  const hint = `It has ${megabytes(bytes)} and may have ${megabytes(MAX_BYTES)}.`;
  throw invalidImage('the image file is too large', file, hint);
}
