import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { contentHash, sha256 } from './canonical-json.ts';
import { isRunning, processStart, thisMachine } from './process-identity.ts';

/** What a temporary file ends in: its writer's number, machine and start, and what no other file has; 8 digits each. */
const TEMPORARY = /^\.(.+)\.([0-9a-f]{8})([0-9a-f]{8})([0-9a-f]{8})[0-9a-f]{8}$/;
/** A writer on another machine that has not touched its file for this long is dead. */
const ABANDONED_MILLISECONDS = 60 * 60_000;
/** File systems take names of 255 bytes. */
const MAX_NAME_BYTES = 220;

/** A name beside a file that no other writer uses, and that tells who writes. */
export function temporaryName(file: string): string {
  const pid = process.pid.toString(16).padStart(8, '0');
  const writer = `${pid}${machine()}${startOf(process.pid)}`;
  return join(dirname(file), `.${shortened(basename(file))}.${writer}${randomBytes(4).toString('hex')}`);
}

/** Whether a file's name is that of a temporary file, left behind where a process was killed. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Removes what dead writers left behind beside a file. */
export async function sweepBeside(file: string): Promise<void> {
  const own = shortened(basename(file));
  await remove(await findLeftovers(dirname(file), { isWanted: (name) => name === own }));
}

/** Removes what dead writers left behind in a folder, for whatever file; with `recursive`, also in the folders in it. */
export async function sweepInside(
  folder: string,
  options: { readonly recursive?: boolean } = {},
): Promise<void> {
  await remove(await findLeftovers(folder, options));
}

/** A temporary file that nobody writes any more. */
export interface Leftover {
  readonly file: string;
  readonly bytes: number;
}

/**
 * The temporary files in a folder whose writers are dead: processes of this machine that have ended, and processes of
 * other machines that have not touched theirs for an hour. Files that vanish meanwhile are passed over, and so are
 * folders that cannot be read.
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

/** What cannot be removed stays: it is in nobody's way. */
async function remove(leftovers: readonly Leftover[]): Promise<void> {
  for (const { file } of leftovers) await rm(file, { force: true }).catch(() => undefined);
}

function shortened(name: string): string {
  return Buffer.byteLength(name) > MAX_NAME_BYTES ? sha256(name).slice(0, 32) : name;
}

/** Where a process number means a process: numbers of other machines and containers say nothing here. */
function machine(): string {
  return contentHash(thisMachine()).slice(0, 8);
}

function startOf(pid: number): string {
  return digest(processStart(pid) ?? '');
}

function digest(text: string): string {
  return sha256(text).slice(0, 8);
}
