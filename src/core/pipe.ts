import { close, constants, createReadStream, fstatSync, open, readSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { addAbortSignal, Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { EvopatchError } from './errors.ts';
import { fileSystemError } from './file-system-error.ts';

const CHUNK_BYTES = 1 << 16;
const STANDARD_INPUT = 0;
/** An anonymous pipe, as of `<(…)`, which no writer opens later. */
const OPENED_ALREADY = /^\/(dev|proc\/[^/]+)\/fd\//;
const POLL_MILLISECONDS = 10;
const NAMES_OF_STANDARD_INPUT: readonly string[] = ['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];

/** Tests whether a path is standard input ('-', '/dev/stdin') or a pipe, which can be read only once. */
export function isPipe(path: string): boolean {
  if (path === '-') return true;
  if (isStandardInput(path)) return !fstatSync(STANDARD_INPUT).isFile();
  try {
    return statSync(path).isFIFO();
  } catch {
    return false;
  }
}

/**
 * Reads the bytes of standard input or of a pipe. It waits for the writer of a named pipe until the signal fires.
 *
 * @throws EvopatchError `FILE_SYSTEM` for a terminal or if nothing comes; `ABORTED` once the signal fires.
 */
export async function* pipeBytes(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  let stream: Readable | undefined;
  let isEmpty = true;
  try {
    stream = isStandardInput(path) ? standardInput(path) : await openPipe(path, signal);
    if (signal !== undefined) addAbortSignal(signal, stream);
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      isEmpty = false;
      yield chunk;
    }
  } catch (cause) {
    if (signal?.aborted) throw new EvopatchError('ABORTED', 'stopped on request', {}, signal.reason);
    throw cause instanceof EvopatchError ? cause : fileSystemError('cannot read the pipe', path, cause);
  } finally {
    stream?.destroy();
  }
  if (!isEmpty) return;
  const hint = 'Start the command that writes to it first, and see whether it fails.';
  throw new EvopatchError('FILE_SYSTEM', 'nothing came through the pipe', { file: path, hint });
}

function isStandardInput(path: string): boolean {
  return NAMES_OF_STANDARD_INPUT.includes(path);
}

/** Opens standard input by its descriptor: `process.stdin` of a worker thread is empty, and commands run in one. */
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
 * Opens a pipe without blocking a thread, which opening and reading otherwise do until a writer comes. A pipe without a writer
 * reads as ended but never reports its end, so the function polls it.
 */
async function openPipe(path: string, signal: AbortSignal | undefined): Promise<Readable> {
  const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const first = await firstBytes(fd, path, signal).catch((cause) => {
    close(fd);
    throw cause;
  });
  const stream = new Socket({ fd, readable: true, writable: false });
  if (first === undefined) return stream;
  if (first.length > 0) stream.unshift(first);
  else stream.destroy();
  return first.length > 0 ? stream : Readable.from([]);
}

async function firstBytes(
  fd: number,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Buffer | undefined> {
  for (;;) {
    const bytes = readNow(fd);
    if (bytes?.length !== 0 || OPENED_ALREADY.test(path)) return bytes;
    await setTimeout(POLL_MILLISECONDS, undefined, { signal });
  }
}

/** Reads what a pipe holds now: empty at its end, `undefined` if a writer has not written yet. */
function readNow(fd: number): Buffer | undefined {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  try {
    return buffer.subarray(0, readSync(fd, buffer));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw cause;
  }
}
