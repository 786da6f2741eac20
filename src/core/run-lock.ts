import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { EvopatchError } from './errors.ts';
import { fileSystemError } from './file-system-error.ts';
import { isRunning, isThisMachine, processStart, thisMachine } from './process-identity.ts';
import { temporaryName } from './temporary-file.ts';

const HEARTBEAT_MILLISECONDS = 20_000;
/** The heartbeat of a run that trains in the calling thread may pause for as long as one training takes. */
const STALE_MILLISECONDS = 15 * 60_000;

const ownerSchema = z.object({
  token: z.string(),
  pid: z.int(),
  host: z.string(),
  boot: z.string().optional(),
  pidNamespace: z.string().optional(),
  /** Time of acquisition, ISO 8601. */
  since: z.string(),
  processStart: z.string().optional(),
});
type Owner = z.output<typeof ownerSchema>;

interface FoundLock {
  /** `undefined` if it cannot be read. */
  readonly owner?: Owner;
  /** Time of the owner's last heartbeat, milliseconds since 1970. */
  readonly heartbeat: number;
}

/**
 * A lock file, owned by its maker. It names the owner, which touches it regularly. Another process takes over the lock of an
 * owner that is dead, or that is on another machine or in another container and silent for a quarter of an hour.
 */
export class RunLock {
  readonly #file: string;
  readonly #token: string;
  readonly #heart: NodeJS.Timeout;
  #lost = false;

  private constructor(file: string, token: string) {
    this.#file = file;
    this.#token = token;
    this.#heart = setInterval(() => this.#beat(), HEARTBEAT_MILLISECONDS).unref();
  }

  /**
   * @throws EvopatchError `RUN_LOCKED` that names the owner, `FILE_SYSTEM`.
   */
  static async acquire(file: string): Promise<RunLock> {
    const token = randomBytes(8).toString('hex');
    const { pid } = process;
    const since = new Date().toISOString();
    const owner: Owner = { token, pid, ...thisMachine(), since, processStart: processStart(pid) };
    const temporary = temporaryName(file);
    try {
      await writeFile(temporary, `${JSON.stringify(owner)}\n`);
      while (!(await take(file, temporary))); // retries if the lock changed hands meanwhile
      return new RunLock(file, token);
    } catch (cause) {
      throw cause instanceof EvopatchError ? cause : fileSystemError('cannot lock', file, cause);
    } finally {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /**
   * Checks that this process still owns the lock; call it before every write to the run.
   *
   * @throws EvopatchError `RUN_LOCKED` if another process took over the lock because this one appeared dead.
   */
  async check(): Promise<void> {
    await this.#look();
    if (this.#lost) throw locked(this.#file, undefined);
  }

  async release(): Promise<void> {
    clearInterval(this.#heart);
    const found = await findLock(this.#file).catch(() => undefined);
    if (found?.owner?.token === this.#token) await rm(this.#file, { force: true }).catch(() => undefined);
  }

  async #beat(): Promise<void> {
    const now = new Date();
    await this.#look();
    if (!this.#lost) await utimes(this.#file, now, now).catch(() => undefined); // the next heartbeat may succeed
  }

  async #look(): Promise<void> {
    try {
      const found = await findLock(this.#file);
      if (found?.owner?.token !== this.#token) this.#lost = true;
    } catch {
      // A temporary failure of the file system does not lose the lock.
    }
  }
}

/** Finds the owner of a lock; `undefined` if no living process owns it. */
export async function lockOwner(file: string): Promise<Partial<Owner> | undefined> {
  const found = await findLock(file);
  return found !== undefined && isAlive(found) ? (found.owner ?? {}) : undefined;
}

/** @throws EvopatchError `RUN_LOCKED` if the lock has a living owner. */
export async function refuseLocked(file: string): Promise<void> {
  const found = await findLock(file);
  if (found !== undefined && isAlive(found)) throw locked(file, found.owner);
}

/**
 * Replaces a lock that is free or whose owner is dead by a prepared file.
 *
 * Only the holder of a second lock, which covers takeovers, replaces the lock of a dead owner, and the file never disappears
 * meanwhile. So exactly one of several processes that find it dead gets it, in any interleaving.
 */
async function take(file: string, prepared: string): Promise<boolean> {
  if (await linkExclusively(prepared, file)) return true;
  const found = await findLock(file);
  if (found === undefined) return false;
  if (isAlive(found)) throw locked(file, found.owner);
  const takeover = await RunLock.acquire(`${file}.takeover`);
  try {
    const still = await findLock(file);
    if (still === undefined || still.owner?.token !== found.owner?.token || isAlive(still)) return false;
    await rename(prepared, file);
    return true;
  } finally {
    await takeover.release();
  }
}

/** Links the prepared file, so that the lock appears with its content and nobody finds a half-written one. */
async function linkExclusively(prepared: string, file: string): Promise<boolean> {
  try {
    await link(prepared, file);
    return true;
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(code)) throw cause;
  }
  try {
    await writeFile(file, await readFile(prepared), { flag: 'wx' }); // this file system has no links
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

async function findLock(file: string): Promise<FoundLock | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    const heartbeat = (await stat(file)).mtimeMs;
    return { owner: parseOwner(text), heartbeat };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function isAlive({ owner, heartbeat }: FoundLock): boolean {
  if (owner !== undefined && isThisMachine(owner)) return isRunning(owner.pid, owner.processStart);
  return Date.now() - heartbeat < STALE_MILLISECONDS;
}

function locked(file: string, owner: Owner | undefined): EvopatchError {
  const who =
    owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host} since ${owner.since}`;
  return new EvopatchError('RUN_LOCKED', `the run belongs to ${who}`, {
    file,
    given: owner && { pid: owner.pid, host: owner.host, since: owner.since },
    hint: 'Wait for it to end, or end it; if it is certainly dead, remove the lock',
  });
}
