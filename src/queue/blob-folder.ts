import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileContent, writeFileAtomic } from '../core/atomic-file.ts';
import { sha256 } from '../core/hash.ts';
import { hashFile } from '../core/hash-file.ts';
import { makeFolder } from '../core/make-folder.ts';
import { isMissing, readWholeFile } from '../core/open-file.ts';
import { sweepInside } from '../core/temporary-file.ts';
import { type BlobKind, type BlobStore, wrongContent } from './blob-store.ts';

/** An exchange that nobody has fetched for this long is that of a run that was killed. */
const ABANDONED_MILLISECONDS = 7 * 24 * 60 * 60_000;

/** A folder that coordinator and workers share: of one machine, or on a disk of the network. */
export class BlobFolder implements BlobStore {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Makes the folder and removes what killed processes left in it. @throws EvopatchError `FILE_SYSTEM` */
  async prepare(): Promise<void> {
    await makeFolder(join(this.root, 'exchange'));
    await sweepInside(this.root, { recursive: true });
    const exchange = join(this.root, 'exchange');
    for (const name of await readdir(exchange)) {
      const file = join(exchange, name);
      const found = await stat(file).catch(() => undefined);
      if (found && Date.now() - found.mtimeMs > ABANDONED_MILLISECONDS) await rm(file, { force: true });
    }
  }

  pathOf(kind: BlobKind, hash: string): string {
    return join(this.root, kind, hash);
  }

  async has(kind: BlobKind, hash: string): Promise<boolean> {
    return (await stat(this.pathOf(kind, hash)).catch(() => undefined)) !== undefined;
  }

  async get(kind: BlobKind, hash: string): Promise<Uint8Array | undefined> {
    const path = this.pathOf(kind, hash);
    const content = await orMissing(readWholeFile(path));
    if (content !== undefined && sha256(content) !== hash) throw wrongContent(hash, path);
    return content;
  }

  async file(kind: BlobKind, hash: string): Promise<string | undefined> {
    const path = this.pathOf(kind, hash);
    const found = await orMissing(hashFile(path));
    if (found !== undefined && found !== hash) throw wrongContent(hash, path);
    return found && path;
  }

  async put(kind: BlobKind, content: Uint8Array): Promise<string> {
    const hash = sha256(content);
    await this.write(kind, hash, content);
    return hash;
  }

  /** Stores a content whose hash the caller knows, unless it is there. @throws EvopatchError `FILE_SYSTEM` */
  async write(kind: BlobKind, hash: string, content: FileContent): Promise<void> {
    if (await this.has(kind, hash)) return;
    await writeFileAtomic(this.pathOf(kind, hash), content);
  }

  /** Removes an exchange that has been read. */
  async remove(hash: string): Promise<void> {
    await rm(this.pathOf('exchange', hash), { force: true }).catch(() => undefined); // it does no harm
  }
}

function orMissing<Value>(read: Promise<Value>): Promise<Value | undefined> {
  return read.catch((cause) => {
    if (isMissing(cause)) return undefined;
    throw cause;
  });
}
