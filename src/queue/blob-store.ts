import { EvopatchError } from '../core/errors.ts';

/**
 * What is stored: 'data' is read by every worker and kept (faces, lists of samples, teachers); 'exchange' goes from one process to
 * another and is removed once it has been read (states of trainings, outcomes).
 */
export type BlobKind = 'data' | 'exchange';

/** Contents by their SHA-256, which coordinator and workers share, so that none of them goes through the queue. */
export interface BlobStore {
  /**
   * Reads a content; `undefined` if it is not there.
   *
   * @throws EvopatchError `INVALID_DATA` if it is not the content of that hash; `FILE_SYSTEM`, `QUEUE_UNAVAILABLE`.
   */
  get(kind: BlobKind, hash: string): Promise<Uint8Array | undefined>;
  /** Finds a content as a file of this machine, and otherwise as `get`. */
  file(kind: BlobKind, hash: string): Promise<string | undefined>;
  /** Stores a content. @returns its hash @throws EvopatchError `FILE_SYSTEM`, `QUEUE_UNAVAILABLE` */
  put(kind: BlobKind, content: Uint8Array): Promise<string>;
}

/** Makes the error for a content that is not what its hash promises. */
export function wrongContent(hash: string, where: string): EvopatchError {
  const hint = 'Its file was changed or damaged: remove it, and start the run again, which writes it anew';
  const problem = `the content does not have the promised hash ${hash}`;
  return new EvopatchError('INVALID_DATA', problem, { file: where, hint });
}
