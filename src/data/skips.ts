import { EvopatchError } from '../core/errors.ts';
import type { FaceSource, UnreadablePicture } from './face-source.ts';
import type { LoadSettings } from './load-options.ts';

/** So many images may be left out whatever their share. */
const ALLOWED = 9;
const MAX_SHARE = 0.1;

/** The images that are left out of a data set, and when they are too many. */
export class Skips {
  readonly list: UnreadablePicture[] = [];
  readonly #source: FaceSource;
  readonly #settings: Pick<LoadSettings, 'onBadImage' | 'onSkip'>;

  constructor(source: FaceSource, settings: Pick<LoadSettings, 'onBadImage' | 'onSkip'>) {
    this.#source = source;
    this.#settings = settings;
  }

  /**
   * @throws EvopatchError that of the image, where such images stop the loading; `INVALID_DATA` where there are ten or
   * more and more than a tenth of all.
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
   * To be asked when all pictures have been seen.
   *
   * @throws EvopatchError `INVALID_DATA` where too many were left out, or all.
   */
  finish(loaded: number): void {
    this.#check(loaded + this.list.length);
    if (loaded > 0) return;
    throw this.#problem('no image can be read', this.list.length);
  }

  #check(total: number): void {
    const skipped = this.list.length;
    if (skipped <= ALLOWED || skipped <= MAX_SHARE * total) return;
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
