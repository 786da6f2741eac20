import { EvopatchError } from '../core/errors.ts';
import type { FaceSource, UnreadablePicture } from './face-source.ts';
import type { LoadSettings } from './load-options.ts';

/** This many images may be left out, even if they exceed the maximum share. */
const MAX_COUNT = 9;
const MAX_SHARE = 0.1;

/** Collects the images that are left out of a data set and stops the loading if there are too many. */
export class Skips {
  readonly list: UnreadablePicture[] = [];
  readonly #source: FaceSource;
  readonly #settings: Pick<LoadSettings, 'onBadImage' | 'onSkip'>;

  constructor(source: FaceSource, settings: Pick<LoadSettings, 'onBadImage' | 'onSkip'>) {
    this.#source = source;
    this.#settings = settings;
  }

  /**
   * Adds an image.
   *
   * @throws EvopatchError the error of the image if `onBadImage` is 'stop'; `INVALID_DATA` for ten or more that are over a tenth
   * of all.
   */
  add(picture: UnreadablePicture): void {
    const { onBadImage, onSkip } = this.#settings;
    const { error, file } = picture;
    if (onBadImage === 'stop') throw error;
    this.list.push(picture);
    onSkip?.({ file: this.#source.pathOf(file), row: error.data.row, error });
    if (this.#source.total !== undefined) this.#check(this.#source.total);
  }

  /**
   * Checks the final number of skipped images, after all pictures have been read.
   *
   * @throws EvopatchError `INVALID_DATA` if too many were left out, or all.
   */
  finish(loaded: number): void {
    this.#check(loaded + this.list.length);
    if (loaded > 0) return;
    throw this.#problem('no image can be read', this.list.length);
  }

  #check(total: number): void {
    const skipped = this.list.length;
    if (skipped <= MAX_COUNT || skipped <= MAX_SHARE * total) return;
    throw this.#problem('too many images cannot be read', total);
  }

  #problem(problem: string, total: number): EvopatchError {
    const first = this.list.at(0)?.error;
    const data = {
      file: this.#source.name,
      given: `${this.list.length} of ${total}`,
      hint: first && `The first: ${first.message}`,
    };
    return new EvopatchError('INVALID_DATA', problem, data, first);
  }
}
