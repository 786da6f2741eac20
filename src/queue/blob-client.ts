import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { EvopatchError } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import { BlobFolder } from './blob-folder.ts';
import { requireToken } from './blob-server.ts';
import { type BlobKind, type BlobStore, wrongContent } from './blob-store.ts';

/** Waits before further attempts, milliseconds: a coordinator may be restarting. */
const WAITS = [500, 1000, 2000, 4000, 8000];

/** The store of a coordinator that serves it over HTTP; what is fetched as a file is kept in a folder of this machine. */
export class BlobClient implements BlobStore {
  readonly #url: URL;
  readonly #token: string;
  readonly #kept: BlobFolder;

  /**
   * @param url may hold the token as its password, which is otherwise that of `EVOPATCH_DATA_TOKEN`
   * @param keptIn the folder of what is kept
   * @throws EvopatchError `INVALID_OPTION`
   */
  constructor(url: string, keptIn: string) {
    const { origin, pathname, username, password } = new URL(url);
    this.#url = new URL(pathname.endsWith('/') ? pathname : `${pathname}/`, origin);
    this.#token = requireToken(decodeURIComponent(password || username) || undefined);
    this.#kept = new BlobFolder(keptIn);
  }

  async get(kind: BlobKind, hash: string): Promise<Uint8Array | undefined> {
    const response = await this.#request(kind, hash, {});
    if (response === undefined) return undefined;
    const content = new Uint8Array(await response.arrayBuffer());
    if (sha256(content) !== hash) throw wrongContent(hash, this.#addressOf(kind, hash));
    return content;
  }

  async file(kind: BlobKind, hash: string): Promise<string | undefined> {
    const path = this.#kept.pathOf(kind, hash);
    if ((await stat(path).catch(() => undefined)) !== undefined) {
      const kept = await this.#kept.file(kind, hash).catch(() => undefined);
      if (kept !== undefined) return kept; // a damaged file is fetched again
    }
    const response = await this.#request(kind, hash, {});
    if (response?.body == null) return undefined;
    const sum = createHash('sha256');
    const address = this.#addressOf(kind, hash);
    const body = response.body;
    await writeFileAtomic(
      path,
      (async function* () {
        for await (const part of body) {
          sum.update(part);
          yield part;
        }
        if (sum.digest('hex') !== hash) throw wrongContent(hash, address);
      })(),
    );
    return path;
  }

  async put(kind: BlobKind, content: Uint8Array): Promise<string> {
    const hash = sha256(content);
    await this.#request(kind, hash, { method: 'PUT', body: Buffer.from(content) });
    return hash;
  }

  /** Asks, a few times while the coordinator does not answer. @returns nothing where it has no such content */
  async #request(kind: BlobKind, hash: string, options: RequestInit): Promise<Response | undefined> {
    const address = this.#addressOf(kind, hash);
    for (let attempt = 0; ; attempt++) {
      let reason: string;
      try {
        const headers = { authorization: `Bearer ${this.#token}` };
        const response = await fetch(address, { ...options, headers });
        if (response.ok) return response;
        await response.body?.cancel();
        if (response.status === 404) return undefined;
        if (response.status === 401) throw this.#refused('it refuses the token');
        reason = `it answers with ${response.status}`;
      } catch (cause) {
        if (cause instanceof EvopatchError) throw cause;
        const { code, message } = ((cause as Error).cause ?? cause) as NodeJS.ErrnoException;
        reason = code ?? message;
      }
      if (attempt >= WAITS.length) throw this.#refused(reason);
      await sleep(WAITS[attempt]);
    }
  }

  #addressOf(kind: BlobKind, hash: string): string {
    return new URL(`${kind}/${hash}`, this.#url).href;
  }

  #refused(reason: string): EvopatchError {
    const hint = 'Check that the coordinator runs with --serve-data, and EVOPATCH_DATA_TOKEN of both';
    return new EvopatchError(
      'QUEUE_UNAVAILABLE',
      `the data at ${this.#url.origin} cannot be fetched: ${reason}`,
      {
        hint,
      },
    );
  }
}
