import { readFileSync, readlinkSync } from 'node:fs';

/**
 * When a process of this machine started, in the system's own words, so that a later process of the same number can be
 * told apart; `undefined` where it has ended or the system does not say (only Linux does).
 */
export function processStart(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' '); // the name may hold anything
    return state === 'Z' ? undefined : fields[18]; // a zombie has ended
  } catch {
    return undefined;
  }
}

/** Whether a process of this machine still runs. @param start as `processStart` gave it, where it did */
export function isRunning(pid: number, start: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return start === undefined || start === processStart(pid);
}

/** What tells the process numbers of this container from those of others; empty where the system does not say. */
export function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
