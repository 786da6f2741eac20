import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { EvopatchError } from './errors.ts';
import { fileSystemError } from './file-system-error.ts';
import { openFile } from './open-file.ts';
import { pipeBytes } from './pipe.ts';

const CHUNK_BYTES = 1 << 16;
const GZIP_MAGIC = [0x1f, 0x8b];

export interface ByteOptions {
  readonly signal?: AbortSignal;
  /** Called with each chunk: the number of bytes read so far, and the size of the file. */
  readonly onRead?: (read: number, size: number) => void;
}

/**
 * Reads the bytes of a regular file, chunk by chunk, and unpacks a gzip, which it recognises by its content.
 *
 * @throws EvopatchError `FILE_SYSTEM` if it cannot be read, `INVALID_DATA` for a truncated or damaged gzip, `ABORTED` once the
 * signal fires.
 */
export function readBytes(file: string, options: ByteOptions = {}): AsyncGenerator<Uint8Array> {
  return unpacked(fileBytes(file, options), file, options.signal);
}

/** Reads and unpacks standard input or a pipe, once. */
export function readPipe(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  return unpacked(pipeBytes(path, signal), path, signal);
}

/** @throws EvopatchError `ABORTED` once the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new EvopatchError('ABORTED', 'stopped on request', {}, signal.reason);
}

async function* fileBytes(file: string, { onRead }: ByteOptions): AsyncGenerator<Uint8Array> {
  const handle = await openFile(file);
  try {
    const { size } = await handle.stat();
    for (let read = 0; ; ) {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES, read);
      if (bytesRead === 0) return;
      read += bytesRead;
      onRead?.(read, size);
      yield buffer.subarray(0, bytesRead);
    }
  } catch (cause) {
    throw cause instanceof EvopatchError ? cause : fileSystemError('cannot read the file', file, cause);
  } finally {
    await handle.close();
  }
}

async function* unpacked(
  chunks: AsyncGenerator<Uint8Array>,
  file: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const { start, whole } = await peek(chunks, GZIP_MAGIC.length);
  const zipped = GZIP_MAGIC.every((byte, i) => start[i] === byte);
  for await (const chunk of zipped ? gunzip(whole, file) : whole) {
    throwIfAborted(signal);
    yield chunk;
  }
}

/** Gives the first bytes, fewer if the stream is shorter, and a stream of all bytes. */
async function peek(chunks: AsyncGenerator<Uint8Array>, length: number) {
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < length) {
    const { done, value } = await chunks.next();
    if (done) break;
    start = start.length === 0 ? value : Buffer.concat([start, value]);
  }
  const whole = async function* () {
    try {
      if (start.length > 0) yield start;
      yield* chunks;
    } finally {
      await chunks.return(undefined); // also if the reader stops early
    }
  };
  return { start, whole: whole() };
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const raw = Readable.from(chunks, { objectMode: false });
  const bytes = raw.pipe(createGunzip({ chunkSize: CHUNK_BYTES }));
  raw.once('error', (cause) => bytes.destroy(cause)); // `pipe` passes data on, but not errors
  try {
    yield* bytes as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw cause instanceof EvopatchError ? cause : gzipError(file, cause);
  } finally {
    raw.destroy();
    bytes.destroy();
  }
}

function gzipError(file: string, cause: unknown): EvopatchError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const problem = code === 'Z_BUF_ERROR' ? 'the gzip ends too early' : 'the gzip is damaged';
  const hint = 'Fetch or compress the file again; `gzip -t` tests it.';
  return new EvopatchError('INVALID_DATA', problem, { file, hint }, cause);
}
