import { createHash } from 'node:crypto';
import type { Dataset } from '../data/dataset.ts';
import { encodeFrames, type StoredFrames } from '../data/frame-cache.ts';
import type { TrainingState } from '../nn/train-network.ts';
import type { BlobFolder } from './blob-folder.ts';
import type { PartHashes } from './job.ts';
import { encodeState } from './outcome.ts';

/** Stores what the jobs of a run share, each part once. */
export class SharedParts implements PartHashes {
  readonly #store: BlobFolder;
  readonly #known = new WeakMap<Uint32Array | Float32Array, Promise<string>>();

  constructor(store: BlobFolder) {
    this.#store = store;
  }

  data(values: Uint32Array | Float32Array): Promise<string> {
    let hash = this.#known.get(values);
    if (hash === undefined) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      hash = this.#store.put('data', bytes);
      this.#known.set(values, hash);
    }
    return hash;
  }

  state(state: TrainingState): Promise<string> {
    return this.#store.put('exchange', encodeState(state));
  }

  /** Stores the prepared frames of a data set. @returns the hash of the file */
  async frames(dataset: Dataset): Promise<string> {
    const stored: StoredFrames = { dataset, skips: [], notes: [] };
    const digest = createHash('sha256');
    for await (const chunk of encodeFrames(stored)) digest.update(chunk);
    const hash = digest.digest('hex');
    await this.#store.write('data', hash, encodeFrames(stored));
    return hash;
  }
}
