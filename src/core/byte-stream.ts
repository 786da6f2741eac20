import type { FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { EvopatchError } from './errors.ts';
import { fileSystemError } from './file-system-error.ts';
import { openFile } from './open-file.ts';

const CHUNK_BYTES = 1 << 16;
const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * The bytes of a file, chunk by chunk; unpacked where the file begins like a gzip, whatever its name.
 *
 * @throws EvopatchError `FILE_SYSTEM` where it cannot be read, `INVALID_DATA` for a truncated or damaged gzip,
 * `ABORTED` once the signal fires.
 */
export async function* readBytes(file: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const handle = await openFile(file);
  try {
    const zipped = await isGzip(handle);
    const raw = handle.createReadStream({ start: 0, highWaterMark: CHUNK_BYTES, autoClose: false });
    const bytes = zipped ? raw.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : raw;
    raw.once('error', (cause) => bytes.destroy(cause)); // `pipe` passes data on, but not errors
    try {
      for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
        throwIfAborted(signal);
        yield chunk;
      }
    } finally {
      raw.destroy();
      bytes.destroy();
    }
  } catch (cause) {
    throw cause instanceof EvopatchError ? cause : readError(file, cause);
  } finally {
    await handle.close();
  }
}

/** @throws EvopatchError `ABORTED` once the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new EvopatchError('ABORTED', 'stopped on request', {}, signal.reason);
}

async function isGzip(handle: FileHandle): Promise<boolean> {
  const { bytesRead, buffer } = await handle.read(new Uint8Array(GZIP_MAGIC.length), 0, GZIP_MAGIC.length, 0);
  return bytesRead === GZIP_MAGIC.length && GZIP_MAGIC.every((byte, i) => buffer[i] === byte);
}

function readError(file: string, cause: unknown): EvopatchError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (!code.startsWith('Z_')) return fileSystemError('cannot read the file', file, cause);
  const problem = code === 'Z_BUF_ERROR' ? 'the gzip ends too early' : 'the gzip is damaged';
  const hint = 'Fetch or compress the file again; `gzip -t` tests it.';
  return new EvopatchError('INVALID_DATA', problem, { file, hint }, cause);
}
