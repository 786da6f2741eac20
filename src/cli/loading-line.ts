import type { LoadProgress, SkippedImage } from '../data/load-options.ts';
import { formatCount, formatSeconds } from '../summary/format.ts';
import { LiveLines, type ProgressStream } from '../summary/live-lines.ts';

const MOST_SKIPS_TOLD = 20;
const SECONDS_BETWEEN_LINES = 15;

/**
 * Tells how far the loading of a data set is: on a terminal by one line that is drawn over and over, elsewhere by a line
 * every quarter of a minute; and of each image that is left out, up to a number.
 */
export class LoadingLine {
  readonly #line: LiveLines;
  readonly #start = performance.now();
  #lastLine = 0;
  #skips = 0;

  constructor(stream: ProgressStream) {
    this.#line = new LiveLines(stream);
  }

  readonly show = ({ samples, unaligned, total, share, listed }: LoadProgress): void => {
    const seconds = (performance.now() - this.#start) / 1000;
    const rate = seconds > 0 ? `, ${formatCount(samples / seconds)} a second` : '';
    const of = total === undefined ? '' : ` of ${formatCount(total)}`;
    const part =
      total !== undefined || share === undefined ? '' : ` (${Math.floor(100 * share)} % of the file)`;
    const crooked = unaligned > 0 ? `, ${formatCount(unaligned)} not aligned` : '';
    const text =
      listed === undefined
        ? `${formatCount(samples)}${of} pictures${part}, ${formatSeconds(seconds)}${rate}${crooked}`
        : `${formatCount(listed)} pictures found`;
    this.#line.draw([text.slice(0, this.#line.width)]);
    if (this.#line.isTerminal || seconds - this.#lastLine < SECONDS_BETWEEN_LINES) return;
    this.#lastLine = seconds;
    this.#line.writeAbove(text);
  };

  readonly skip = ({ error }: SkippedImage): void => {
    this.#skips++;
    if (this.#skips <= MOST_SKIPS_TOLD) this.#line.writeAbove(`left out: ${error.message}`);
  };

  /** Takes the line away, and says how many more images were left out than were told of. */
  readonly end = (): void => {
    this.#line.clear();
    const untold = this.#skips - MOST_SKIPS_TOLD;
    if (untold > 0) this.#line.writeAbove(`left out: ${formatCount(untold)} more`);
  };
}
