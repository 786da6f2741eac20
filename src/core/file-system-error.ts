import { getSystemErrorMap } from 'node:util';
import { EvopatchError } from './errors.ts';

/** Advice for failures that do not explain themselves. */
const HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'Check the spelling; relative paths start from the current folder',
  EACCES: 'Ask for the permission, or choose another location',
  EPERM: 'Ask for the permission, or choose another location',
  EMFILE: 'Raise the limit of open files (`ulimit -n 1024`), or use fewer --workers',
  ENFILE: 'Close other programs: the whole system has too many files open',
  ENOSPC: 'Make room on the disk, or choose another one',
  EDQUOT: 'Make room within your quota, or choose another location',
  EROFS: 'Choose a writable location',
  ESPIPE: 'Write a pipe to a file first',
};

/** Wraps a failed call of the file system as an error with the file, the reason in words and advice. */
export function fileSystemError(problem: string, file: string, cause: unknown): EvopatchError {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  const hint = code === undefined ? undefined : HINTS[code];
  return new EvopatchError('FILE_SYSTEM', `${problem}: ${reasonOf(cause)}`, { file, hint }, cause);
}

/** Wraps an error of the system that is not wrapped yet; `undefined` for any other error. */
export function asFileSystemError(cause: unknown): EvopatchError | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { errno, syscall, path } = cause as NodeJS.ErrnoException;
  if (errno === undefined || syscall === undefined) return undefined;
  return fileSystemError(`the system call '${syscall}' failed`, path ?? '', cause);
}

/** Explains why a call failed, in words instead of `ENOENT: …, open '/a/b'`. */
function reasonOf(cause: unknown): string {
  const { errno, message } = (cause ?? {}) as NodeJS.ErrnoException;
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno);
  return known?.[1] ?? message ?? String(cause);
}
