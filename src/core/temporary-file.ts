import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { contentHash, sha256 } from './hash.ts';
import { isRunning, processStart, thisMachine } from './process-identity.ts';

/** The ending of a temporary file: hashes of its writer's process id, machine and start, and a unique number; 8 digits each. */
const TEMPORARY = /^\.(.+)\.([0-9a-f]{8})([0-9a-f]{8})([0-9a-f]{8})[0-9a-f]{8}$/;
/** A writer on another machine that has not touched its file for this long is dead. */
const ABANDONED_MILLISECONDS = 60 * 60_000;
/** The maximum length of a name; file systems accept 255 bytes. */
const MAX_NAME_BYTES = 220;

/** Makes a unique name beside a file that also identifies the writer. */
export function temporaryName(file: string): string {
  const pid = process.pid.toString(16).padStart(8, '0');
  const writer = `${pid}${machine()}${startOf(process.pid)}`;
  return join(dirname(file), `.${shortened(basename(file))}.${writer}${randomBytes(4).toString('hex')}`);
}

/** Tests whether a name is that of a temporary file. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Removes the leftovers of dead writers beside a file. */
export async function sweepBeside(file: string): Promise<void> {
  const own = shortened(basename(file));
  await remove(await findLeftovers(dirname(file), { isWanted: (name) => name === own }));
}

/** Removes the leftovers of dead writers in a folder; with `recursive`, also in its sub-folders. */
export async function sweepInside(
  folder: string,
  options: { readonly recursive?: boolean } = {},
): Promise<void> {
  await remove(await findLeftovers(folder, options));
}

/** A temporary file of a dead writer. */
export interface Leftover {
  readonly file: string;
  readonly bytes: number;
}

/**
 * Finds the temporary files in a folder whose writers are dead: processes of this machine that have ended, and processes of other
 * machines that have not touched theirs for an hour. Skips files that vanish meanwhile, and folders that cannot be read.
 */
export async function findLeftovers(
  folder: string,
  {
    recursive = false,
    isWanted = () => true,
  }: { readonly recursive?: boolean; readonly isWanted?: (name: string) => boolean } = {},
): Promise<Leftover[]> {
  const entries = await readdir(folder, { recursive }).catch(() => []);
  const leftovers: Leftover[] = [];
  for (const entry of entries) {
    const [, name, pid, host, start] = TEMPORARY.exec(basename(entry)) ?? [];
    if (name === undefined || !isWanted(name)) continue;
    const writer = Number.parseInt(pid, 16);
    const isHere = host === machine();
    if (isHere && isRunning(writer, undefined) && start === startOf(writer)) continue;
    const file = join(folder, entry);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile() || (!isHere && Date.now() - found.mtimeMs < ABANDONED_MILLISECONDS)) continue;
    leftovers.push({ file, bytes: found.size });
  }
  return leftovers;
}

/** Removes leftovers and ignores failures, because they do no harm. */
async function remove(leftovers: readonly Leftover[]): Promise<void> {
  for (const { file } of leftovers) await rm(file, { force: true }).catch(() => undefined);
}

function shortened(name: string): string {
  return Buffer.byteLength(name) > MAX_NAME_BYTES ? sha256(name).slice(0, 32) : name;
}

/** Names the scope of process ids; ids of other machines and containers mean nothing here. */
function machine(): string {
  return contentHash(thisMachine()).slice(0, 8);
}

function startOf(pid: number): string {
  return digest(processStart(pid) ?? '');
}

function digest(text: string): string {
  return sha256(text).slice(0, 8);
}
