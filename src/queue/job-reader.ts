import { EvopatchError } from '../core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import { readFrames } from '../data/frame-cache.ts';
import type { TrainingRequest } from '../fitness/evaluation.ts';
import type { BlobStore } from './blob-store.ts';
import type { TrainingJob } from './job.ts';
import { decodeState } from './outcome.ts';

/** Lists of samples and teachers that are kept in memory; a run has one or two for each rung. */
const KEPT_PARTS = 32;

/** Reads what jobs refer to, what they share once. */
export class JobReader {
  readonly #store: BlobStore;
  readonly #parts = new Map<string, Promise<SharedArrayBuffer>>();

  constructor(store: BlobStore) {
    this.#store = store;
  }

  /**
   * Reads the faces of a job.
   *
   * @throws EvopatchError `INVALID_DATA` if they do not have the promised hash; `QUEUE_UNAVAILABLE` if they cannot be had.
   */
  async dataset({ hash, frames }: TrainingJob['dataset']): Promise<Dataset> {
    const file = await this.#store.file('data', frames);
    if (file === undefined) throw missing('faces', frames);
    const stored = await readFrames(file);
    if (stored?.dataset.hash !== hash) {
      throw new EvopatchError('INVALID_DATA', 'these are not the faces of the run', { file, given: hash });
    }
    return { ...stored.dataset, name: hash };
  }

  /** Completes a job's request. @throws EvopatchError as `dataset` */
  async request(job: TrainingJob): Promise<TrainingRequest> {
    const { spec, stages, validation, teacher, seed, keepWeights, keepState, done } = job;
    const state = done && (await this.#store.get('exchange', done.state)); // without it, trained from scratch to the same bits
    return {
      spec,
      stages: await Promise.all(
        stages.map(async ({ training, config }) => ({
          config,
          training: new Uint32Array(await this.#part(training)),
        })),
      ),
      validation: new Uint32Array(await this.#part(validation)),
      teacher: teacher && { ...teacher, logits: new Float32Array(await this.#part(teacher.logits)) },
      seed,
      keepWeights,
      keepState,
      done: state && { stages: done.stages, state: decodeState(state) },
    };
  }

  /** Reads numbers into memory that threads share. */
  #part(hash: string): Promise<SharedArrayBuffer> {
    const part = this.#parts.get(hash) ?? this.#fetch(hash);
    this.#parts.delete(hash);
    this.#parts.set(hash, part); // as the newest
    part.catch(() => this.#parts.delete(hash));
    if (this.#parts.size > KEPT_PARTS) this.#parts.delete(this.#parts.keys().next().value as string);
    return part;
  }

  async #fetch(hash: string): Promise<SharedArrayBuffer> {
    const content = await this.#store.get('data', hash);
    if (content === undefined) throw missing('samples', hash);
    const shared = new SharedArrayBuffer(content.length);
    new Uint8Array(shared).set(content);
    return shared;
  }
}

function missing(what: string, hash: string): EvopatchError {
  const hint = 'Do coordinator and worker have the same data root? Is the coordinator still there?';
  return new EvopatchError('QUEUE_UNAVAILABLE', `the ${what} of a job are not in the data root`, {
    given: hash,
    hint,
  });
}
