import { openFile } from './open-file.ts';

/** Enough for what tells one kind of file from another. */
const HEAD_BYTES = 1 << 16;

/** The first bytes of a regular file, at most 64 KiB; `undefined` where there is none that can be read. */
export async function readHead(file: string): Promise<Buffer | undefined> {
  const handle = await openFile(file).catch(() => undefined);
  try {
    const { bytesRead, buffer } = (await handle?.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)) ?? {};
    return buffer?.subarray(0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}
