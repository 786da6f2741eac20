import { describeValue } from '../core/describe-value.ts';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { openFile } from '../core/open-file.ts';

const MOST_BYTES = 32 * 2 ** 20;
/** Of a single picture. */
export const MOST_PIXELS = 16_000_000;

/** The bytes of an image file, and its name where it is known. */
export interface ImageFile {
  readonly bytes: Uint8Array;
  readonly file: string | undefined;
}

/**
 * @param source a file, or the bytes of one.
 * @throws EvopatchError `INVALID_IMAGE` where it is empty or larger than 32 MiB, `FILE_SYSTEM`.
 */
export async function readImageFile(source: string | Uint8Array): Promise<ImageFile> {
  if (typeof source !== 'string' && !(source instanceof Uint8Array)) {
    const hint = 'Give the path of an image file, or its bytes.';
    throw new EvopatchError('INVALID_IMAGE', 'not an image file', { given: describeValue(source), hint });
  }
  const file = typeof source === 'string' ? source : undefined;
  const bytes = typeof source === 'string' ? await readWhole(source) : source;
  if (bytes.length === 0) throw invalidImage('the image file is empty', file, 'Replace or remove it.');
  if (bytes.length > MOST_BYTES) throw tooManyBytes(file);
  return { bytes, file };
}

/** Whether a file begins with these bytes; −1 stands for any byte. */
export function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => byte < 0 || bytes[i] === byte);
}

export function invalidImage(
  problem: string,
  file: string | undefined,
  hint: string,
  cause?: unknown,
): EvopatchError {
  return new EvopatchError('INVALID_IMAGE', problem, { file, hint }, cause);
}

/** What libvips says of an image that it cannot decode. */
export function damagedImage(file: string | undefined, cause: unknown): EvopatchError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  if (reason.includes('pixel limit')) return tooManyPixels(file, cause);
  return invalidImage(`the image is damaged: ${reason}`, file, 'Replace or remove the image.', cause);
}

export function tooManyPixels(file: string | undefined, cause?: unknown): EvopatchError {
  const hint = `An image may have ${MOST_PIXELS} pixels: shrink it.`;
  return invalidImage('the image is too large', file, hint, cause);
}

/** Reads through one handle, so that the file that is measured is the file that is read. */
async function readWhole(file: string): Promise<Buffer> {
  const handle = await openFile(file, 'cannot read the image');
  try {
    const { size } = await handle.stat();
    if (size > MOST_BYTES) throw tooManyBytes(file);
    return await handle.readFile();
  } catch (cause) {
    throw cause instanceof EvopatchError ? cause : fileSystemError('cannot read the image', file, cause);
  } finally {
    await handle.close();
  }
}

function tooManyBytes(file: string | undefined): EvopatchError {
  return invalidImage('the image file is too large', file, `It may have ${MOST_BYTES} bytes.`);
}
