import { EvopatchError } from '../core/errors.ts';
import { packageFile } from '../core/package-files.ts';
import { ThreadPool } from '../core/thread-pool.ts';
import type { Photo } from '../images/photo.ts';
import type { FaceSearch } from './face-search.ts';
import type { LocatedFace } from './landmark-detector.ts';
import type { LandmarkAnswer, LandmarkTask, LandmarkWorkerSetup } from './landmark-worker.ts';

export interface LandmarkPoolOptions {
  readonly search: FaceSearch;
  /** Number of threads, from 1. Each takes about 100 MB. */
  readonly workers: number;
  /** The script of the threads; tests pass another one to make threads fail. */
  readonly workerFile?: string;
}

/** Maximum photos of one task; with large photos, a task ends once its pixels exceed the limit below. */
const MAX_TASK_PHOTOS = 16;
const MAX_TASK_PIXELS = 1_000_000;
const ATTEMPTS = 2;

/**
 * Finds faces in a pool of threads. It replaces a thread that dies and tries its task once more. Photos wait here, so that it
 * copies only as many at a time as there are threads.
 */
export class LandmarkPool {
  readonly #pool: ThreadPool<LandmarkTask, LandmarkAnswer>;
  /** Pending lists of photos; the abort reason becomes the error of the call. */
  readonly #lists = new Set<AbortController>();
  readonly #waiting: (() => void)[] = [];
  #idle: number;
  /** The error of all further calls, once the pool has ended. */
  #end: EvopatchError | undefined;

  /** @throws EvopatchError `MISSING_PACKAGE` if the script of the threads is missing. */
  constructor({ search, workers, workerFile = compiledWorker() }: LandmarkPoolOptions) {
    this.#idle = workers;
    this.#pool = new ThreadPool({
      file: workerFile,
      threads: workers,
      workerData: { search } satisfies LandmarkWorkerSetup,
      onUnusable: (cause) => this.#endWith(unusable('the worker threads cannot start', cause)),
    });
  }

  /**
   * Finds the faces of each photo, in the order of the photos.
   *
   * @throws EvopatchError `ABORTED` as soon as the signal fires; `ENGINE_UNAVAILABLE`, also if threads failed twice over the same
   * photos.
   */
  async locate(photos: readonly Photo[], signal?: AbortSignal): Promise<readonly (readonly LocatedFace[])[]> {
    if (this.#end !== undefined) throw this.#end;
    if (signal?.aborted) throw locatingAborted(signal);
    const list = new AbortController();
    const abort = () => list.abort(locatingAborted(signal));
    const aborted = new Promise<never>((_, reject) => {
      list.signal.addEventListener('abort', () => reject(list.signal.reason));
    });
    signal?.addEventListener('abort', abort);
    this.#lists.add(list);
    try {
      const groups = groupsOf(photos).map((group) => this.#locateGroup(group, list.signal));
      return (await Promise.race([Promise.all(groups), aborted])).flat();
    } finally {
      this.#lists.delete(list);
      signal?.removeEventListener('abort', abort);
      list.abort(); // cancels the waiting tasks
    }
  }

  /** Ends the threads; pending calls fail with `ABORTED`. */
  async close(): Promise<void> {
    this.#endWith(new EvopatchError('ABORTED', 'the pool of workers is closed'));
    await this.#pool.close();
  }

  #endWith(reason: EvopatchError): void {
    this.#end ??= reason;
    for (const list of this.#lists) list.abort(this.#end);
  }

  async #locateGroup(photos: readonly Photo[], signal: AbortSignal) {
    if (this.#idle > 0) this.#idle--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      for (let attempt = 1; ; attempt++) {
        signal.throwIfAborted();
        const answer = await this.#run(photos).catch((cause) => {
          if (attempt < ATTEMPTS || signal.aborted) return undefined;
          throw unusable('a worker thread failed twice over the same photos', cause);
        });
        if (answer === undefined) continue;
        if ('faces' in answer) return answer.faces;
        throw new EvopatchError(answer.error.code, answer.error.problem, answer.error.data);
      }
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#idle++;
    }
  }

  /**
   * Runs a task. It copies the pixels once and then transfers the copy: the caller keeps its own, and views of large buffers stay
   * small.
   */
  #run(photos: readonly Photo[]): Promise<LandmarkAnswer> {
    const copies = photos.map(({ pixels, ...size }) => ({
      pixels: new Uint8Array(pixels),
      ...size,
    }));
    return this.#pool.run({ photos: copies }, { transferList: copies.map(({ pixels }) => pixels.buffer) });
  }
}

/** Finds the compiled script, because threads cannot run TypeScript. */
function compiledWorker(): string {
  return packageFile('landmarks/landmark-worker.js', () => {
    return new URL(/* webpackIgnore: true */ '../../dist/landmarks/landmark-worker.js', import.meta.url);
  });
}

export function locatingAborted(signal?: AbortSignal): EvopatchError {
  return new EvopatchError('ABORTED', 'the search for faces was stopped', {}, signal?.reason);
}

function groupsOf(photos: readonly Photo[]): Photo[][] {
  const groups: Photo[][] = [];
  let pixels = Number.POSITIVE_INFINITY;
  for (const photo of photos) {
    const size = photo.width * photo.height;
    if (pixels + size > MAX_TASK_PIXELS || groups[groups.length - 1].length === MAX_TASK_PHOTOS) {
      groups.push([]);
      pixels = 0;
    }
    groups[groups.length - 1].push(photo);
    pixels += size;
  }
  return groups;
}

function unusable(problem: string, cause: unknown): EvopatchError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EvopatchError('ENGINE_UNAVAILABLE', `${problem}: ${reason}`, {}, cause);
}
