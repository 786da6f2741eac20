import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * The scope in which process ids are unique: a host since its last start, and in it a PID namespace, such as that of a container.
 * Only Linux reports the last two.
 */
export interface Machine {
  readonly host: string;
  readonly boot?: string;
  readonly pidNamespace?: string;
}

let machine: Machine | undefined;

/** Identifies the machine of this process. */
export function thisMachine(): Machine {
  machine ??= {
    host: hostname(),
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
  };
  return machine;
}

/** Tests whether a process id from `other` means the same process here. */
export function isThisMachine(other: Machine): boolean {
  const { host, boot, pidNamespace } = thisMachine();
  return other.host === host && other.boot === boot && other.pidNamespace === pidNamespace;
}

/**
 * Gives the start time of a process of this machine, in the system's format, which distinguishes it from a later process with the
 * same id; `undefined` if it has ended or the system does not report it (only Linux does).
 */
export function processStart(pid: number): string | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (text === undefined) return undefined;
  const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' '); // the name may contain any character
  return state === 'Z' ? undefined : fields[18]; // a zombie has ended
}

/** Tests whether a process of this machine still runs. @param start the result of `processStart`, if known */
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
