import { EvopatchError } from '../core/errors.ts';

/** The maximum length of a typed array of Node 20: a million frames of 64×64. */
const MAX_BYTES = 2 ** 32 - 1;
/** Reserved addresses cost nothing, but moving to a larger reservation copies all frames. */
const EXPECTATION_MARGIN = 1.25;
const FIRST_FRAMES = 1024;
const GROWTH = [8, 2, 1];

/**
 * Stores frames in shared memory, one after the other. The buffer grows within reserved addresses and takes memory as it grows;
 * once the reservation is full, the frames move to a larger one.
 */
export class FrameStore {
  readonly #frameBytes: number;
  #buffer = new SharedArrayBuffer(0, { maxByteLength: 0 });

  /** @param frameBytes bytes of a frame */
  constructor(frameBytes: number) {
    this.#frameBytes = frameBytes;
  }

  /** All frames added so far. */
  get frames(): Uint8Array {
    return new Uint8Array(this.#buffer, 0, this.#buffer.byteLength);
  }

  /**
   * Adds a frame for the caller to fill.
   *
   * @param expected an estimate of the final number of frames
   * @throws EvopatchError `INVALID_DATA` if the frames would not fit into 4 GiB, `OUT_OF_MEMORY`.
   */
  add(expected = 0): Uint8Array {
    const start = this.#buffer.byteLength;
    const end = start + this.#frameBytes;
    if (end > this.#buffer.maxByteLength) this.#move(end, expected);
    try {
      this.#buffer.grow(end);
    } catch (cause) {
      throw this.#outOfMemory(end, cause);
    }
    return new Uint8Array(this.#buffer, start, this.#frameBytes);
  }

  #move(needed: number, expected: number): void {
    if (needed > MAX_BYTES) {
      const given = `${Math.floor(needed / this.#frameBytes)} faces`;
      const hint = 'Load a part of the data set.';
      throw new EvopatchError('INVALID_DATA', 'too many faces for one data set', { given, hint });
    }
    const wanted = Math.ceil(expected * EXPECTATION_MARGIN) * this.#frameBytes;
    const growths = GROWTH.map((times) => Math.max(times * needed, FIRST_FRAMES * this.#frameBytes));
    let failure: unknown;
    for (const bytes of [...(wanted >= needed ? [wanted] : []), ...growths, needed]) {
      try {
        const moved = new SharedArrayBuffer(this.#buffer.byteLength, {
          maxByteLength: Math.min(bytes, MAX_BYTES),
        });
        new Uint8Array(moved).set(this.frames);
        this.#buffer = moved;
        return;
      } catch (cause) {
        failure = cause;
      }
    }
    throw this.#outOfMemory(needed, failure);
  }

  #outOfMemory(bytes: number, cause: unknown): EvopatchError {
    const given = `${Math.ceil(bytes / 1e6)} MB for the first ${bytes / this.#frameBytes} faces`;
    const hint =
      'Close other programs, raise the limit of memory (`ulimit -v`), or load a part of the data set.';
    return new EvopatchError(
      'OUT_OF_MEMORY',
      'there is not enough memory for the faces',
      { given, hint },
      cause,
    );
  }
}
