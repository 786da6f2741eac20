import { openFile } from './open-file.ts';

/** Bytes that are enough to identify the kind of a file. */
const END_BYTES = 1 << 16;

/** Reads the first and the last bytes of a regular file, at most 64 KiB each; `undefined` if it cannot be read. */
export async function readEnds(file: string): Promise<Buffer | undefined> {
  const handle = await openFile(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    const tail = Math.max(size - END_BYTES, END_BYTES);
    const parts: Buffer[] = [];
    for (const [start, end] of [
      [0, Math.min(END_BYTES, size)],
      [tail, Math.max(size, tail)],
    ]) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
      parts.push(buffer.subarray(0, bytesRead));
    }
    return Buffer.concat(parts);
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
