import { EvopatchError } from './errors.ts';

/** Wraps a failed call of the file system as an error that names the file. */
export function fileSystemError(problem: string, file: string, cause: unknown): EvopatchError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EvopatchError('FILE_SYSTEM', `${problem}: ${reason}`, { file }, cause);
}
