import type { LoadProgress, SkippedImage } from '../../data/load-options.ts';
import { formatCount, formatSeconds } from '../../summary/format.ts';
import { LiveLines, type ProgressStream } from '../../summary/live-lines.ts';

const MAX_SKIPS_SHOWN = 20;
const SECONDS_BETWEEN_LINES = 15;

/**
 * Shows the progress of loading a data set: on a terminal in one line that is redrawn in place, elsewhere in a line every
 * quarter of a minute; and the first images that are left out.
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
    const rate = seconds > 0 ? `, ${formatCount(samples / seconds)} per second` : '';
    const of = total === undefined ? '' : ` of ${formatCount(total)}`;
    const part =
      total !== undefined || share === undefined ? '' : ` (${Math.floor(100 * share)} % of the file)`;
    const failed = unaligned > 0 ? `, ${formatCount(unaligned)} not aligned` : '';
    const text =
      listed === undefined
        ? `${formatCount(samples)}${of} pictures${part}, ${formatSeconds(seconds)}${rate}${failed}`
        : `${formatCount(listed)} pictures found`;
    this.#line.draw([text.slice(0, this.#line.width)]);
    if (this.#line.isTerminal || seconds - this.#lastLine < SECONDS_BETWEEN_LINES) return;
    this.#lastLine = seconds;
    this.#line.writeAbove(text);
  };

  readonly skip = ({ error }: SkippedImage): void => {
    this.#skips++;
    if (this.#skips <= MAX_SKIPS_SHOWN) this.#line.writeAbove(`left out: ${error.message}`);
  };

  /** Erases the line, and counts the images that were left out without a line of their own. */
  readonly end = (): void => {
    this.#line.clear();
    const more = this.#skips - MAX_SKIPS_SHOWN;
    if (more > 0) this.#line.writeAbove(`left out: ${formatCount(more)} more`);
  };
}
