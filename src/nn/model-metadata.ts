import { openFile } from '../core/open-file.ts';
import { decodeHeader, LENGTH_BYTES, MAX_HEADER_BYTES, type Safetensors } from './safetensors.ts';

/** Reads the strings of a `.safetensors` file without its arrays; `undefined` if it is missing or damaged. */
export async function readMetadata(file: string): Promise<Safetensors['metadata'] | undefined> {
  const handle = await openFile(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const length = Math.min((await handle.stat()).size, LENGTH_BYTES + MAX_HEADER_BYTES);
    const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, 0);
    return decodeHeader(buffer.subarray(0, bytesRead)).metadata;
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
