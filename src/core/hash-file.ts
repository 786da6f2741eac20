import { createHash } from 'node:crypto';
import { throwIfAborted } from './byte-stream.ts';
import { fileSystemError } from './file-system-error.ts';
import { openFile } from './open-file.ts';

const CHUNK_BYTES = 1 << 18;

/**
 * Computes the SHA-256 of a file's bytes as 64 hexadecimal digits, without reading the whole file into memory.
 *
 * @throws EvopatchError `FILE_SYSTEM` if it cannot be read, `ABORTED` once the signal fires.
 */
export async function hashFile(file: string, signal?: AbortSignal): Promise<string> {
  throwIfAborted(signal);
  const hash = createHash('sha256');
  const handle = await openFile(file);
  try {
    for await (const chunk of handle.createReadStream({ highWaterMark: CHUNK_BYTES })) {
      hash.update(chunk);
      if (signal?.aborted) break;
    }
  } catch (cause) {
    throw fileSystemError('cannot read the file', file, cause);
  }
  throwIfAborted(signal);
  return hash.digest('hex');
}
