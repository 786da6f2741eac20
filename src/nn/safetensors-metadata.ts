import { openFile } from '../core/open-file.ts';
import { decodeHeader, MAX_START_BYTES } from './safetensors.ts';

/** The strings of a `.safetensors` file, without its arrays; `undefined` where there is none that can be read. */
export async function readMetadata(file: string): Promise<Readonly<Record<string, string>> | undefined> {
  const handle = await openFile(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const length = Math.min((await handle.stat()).size, MAX_START_BYTES);
    const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, 0);
    return decodeHeader(buffer.subarray(0, bytesRead)).metadata;
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
