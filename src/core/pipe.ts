import { constants, createReadStream, fstatSync, open, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { addAbortSignal, Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { EvopatchError } from './errors.ts';
import { fileSystemError } from './file-system-error.ts';

const CHUNK_BYTES = 1 << 16;
const STANDARD_INPUT = 0;
const NAMES_OF_STANDARD_INPUT: readonly string[] = ['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];

/** Whether a path names standard input ('-', '/dev/stdin') or a pipe, which can be read only once. */
export async function isPipe(path: string): Promise<boolean> {
  if (path === '-') return true;
  if (isStandardInput(path)) return !fstatSync(STANDARD_INPUT).isFile();
  return await stat(path).then(
    (found) => found.isFIFO(),
    () => false,
  );
}

/**
 * The bytes of standard input or of a pipe. Of a pipe that nobody has opened to write to there are none: nothing waits for ever.
 *
 * @throws EvopatchError `FILE_SYSTEM` where it is a terminal or nothing comes; `ABORTED` once the signal fires.
 */
export async function* pipeBytes(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const stream = isStandardInput(path) ? standardInput(path) : await openPipe(path);
  if (signal !== undefined) addAbortSignal(signal, stream);
  let isEmpty = true;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      isEmpty = false;
      yield chunk;
    }
  } catch (cause) {
    if (signal?.aborted) throw new EvopatchError('ABORTED', 'stopped on request', {}, signal.reason);
    throw fileSystemError('cannot read the pipe', path, cause);
  } finally {
    stream.destroy();
  }
  if (!isEmpty) return;
  const hint = 'Start the command that writes to it first, and see whether it fails.';
  throw new EvopatchError('FILE_SYSTEM', 'nothing came through the pipe', { file: path, hint });
}

function isStandardInput(path: string): boolean {
  return NAMES_OF_STANDARD_INPUT.includes(path);
}

/** By its descriptor: `process.stdin` of a worker thread is empty, and a command runs in one. */
function standardInput(path: string): Readable {
  if (isatty(STANDARD_INPUT)) {
    const hint = 'Pipe the data into the command: zcat fer2013.csv.gz | evopatch train --data - …';
    throw new EvopatchError('FILE_SYSTEM', 'standard input is a terminal', { file: path, hint });
  }
  const found = fstatSync(STANDARD_INPUT);
  return found.isFIFO() || found.isSocket()
    ? new Socket({ fd: STANDARD_INPUT, readable: true, writable: false })
    : createReadStream('', { fd: STANDARD_INPUT, autoClose: false });
}

/**
 * Without blocking: opening would wait for a writer, and a waiting read would keep a thread. Of a pipe without a writer the end is
 * read at once, but never announced, so the first read does not wait to be told.
 */
async function openPipe(path: string): Promise<Readable> {
  try {
    const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const first = readNow(fd);
    const stream = new Socket({ fd, readable: true, writable: false });
    if (first === undefined) return stream;
    if (first.length > 0) stream.unshift(first);
    else stream.destroy();
    return first.length > 0 ? stream : Readable.from([]);
  } catch (cause) {
    throw fileSystemError('cannot read the pipe', path, cause);
  }
}

/** What a pipe holds now: nothing at its end, `undefined` where a writer has not written yet. */
function readNow(fd: number): Buffer | undefined {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  try {
    return buffer.subarray(0, readSync(fd, buffer));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw cause;
  }
}
