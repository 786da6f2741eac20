import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Where process numbers have a meaning of their own: a host since its last start, and in it a PID namespace, as every
 * container has one. Only Linux tells the last two.
 */
export interface Machine {
  readonly host: string;
  readonly boot?: string;
  readonly pidNamespace?: string;
}

let machine: Machine | undefined;

/** The machine of this process. */
export function thisMachine(): Machine {
  machine ??= {
    host: hostname(),
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
  };
  return machine;
}

/** Whether a process number that was noted on `other` means the same process here. */
export function isThisMachine(other: Machine): boolean {
  const { host, boot, pidNamespace } = thisMachine();
  return other.host === host && other.boot === boot && other.pidNamespace === pidNamespace;
}

/**
 * When a process of this machine started, in the system's own words, so that a later process of the same number can be
 * told apart; `undefined` where it has ended or the system does not say (only Linux does).
 */
export function processStart(pid: number): string | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (text === undefined) return undefined;
  const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' '); // the name may hold anything
  return state === 'Z' ? undefined : fields[18]; // a zombie has ended
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

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
