import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sha256 } from '../../src/core/hash.ts';
import { hashFile } from '../../src/core/hash-file.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

it('is the SHA-256 of the bytes, of any number of chunks', async () => {
  const file = join(temporaryFolder(), 'file');
  for (const length of [0, 1, 262_144, 262_145, 1_000_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31) % 251);
    writeFileSync(file, bytes);
    expect(await hashFile(file)).toBe(sha256(bytes));
  }
});

it('names a file that cannot be read, and stops on an abort', async () => {
  const folder = temporaryFolder();
  for (const file of [folder, join(folder, 'missing')]) {
    await expect(hashFile(file)).rejects.toMatchObject({ code: 'FILE_SYSTEM', data: { file } });
  }
  const file = join(folder, 'file');
  writeFileSync(file, new Uint8Array(1_000_000));
  await expect(hashFile(file, AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
  const stop = new AbortController();
  const hashing = hashFile(file, stop.signal);
  stop.abort();
  await expect(hashing).rejects.toMatchObject({ code: 'ABORTED' });
});
