import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { sha256 } from './canonical-json.ts';
import { isRunning, processNamespace, processStart } from './process-identity.ts';

/** What a temporary file ends in: its writer's number, machine and start, and what no other file has; 8 digits each. */
const TEMPORARY = /^\.(.+)\.([0-9a-f]{8})([0-9a-f]{8})([0-9a-f]{8})[0-9a-f]{8}$/;
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

/** Removes what processes of this machine that have ended left behind beside a file. */
export async function sweepBeside(file: string): Promise<void> {
  const own = shortened(basename(file));
  await sweep(dirname(file), (name) => name === own);
}

/** Removes what processes of this machine that have ended left behind in a folder, for whatever file. */
export async function sweepInside(folder: string): Promise<void> {
  await sweep(folder, () => true);
}

/** What cannot be removed stays: it is in nobody's way. */
async function sweep(folder: string, isWanted: (name: string) => boolean): Promise<void> {
  const entries = await readdir(folder).catch(() => []);
  for (const entry of entries) {
    const [, name, pid, host, start] = TEMPORARY.exec(entry) ?? [];
    if (name === undefined || !isWanted(name) || host !== machine()) continue;
    const writer = Number.parseInt(pid, 16);
    if (isRunning(writer, undefined) && start === startOf(writer)) continue;
    await rm(join(folder, entry), { force: true }).catch(() => undefined);
  }
}

function shortened(name: string): string {
  return Buffer.byteLength(name) > MAX_NAME_BYTES ? sha256(name).slice(0, 32) : name;
}

/** Where a process number means a process: numbers of other machines and containers say nothing here. */
function machine(): string {
  return digest(`${hostname()} ${processNamespace()}`);
}

function startOf(pid: number): string {
  return digest(processStart(pid) ?? '');
}

function digest(text: string): string {
  return sha256(text).slice(0, 8);
}
