import type { EvolutionEvent } from '../evolution/events.ts';
import { describeEvent } from './describe-event.ts';
import { formatSeconds } from './format.ts';

const BAR_WIDTH = 24;
const DEFAULT_COLUMNS = 80;
const REDRAW_MILLISECONDS = 1000;
/** Before so many networks have been trained, the time left is anybody's guess. */
const FEWEST_FOR_ESTIMATE = 4;

/** A text stream that may be a terminal, as `process.stderr`. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Tells of a run's progress: on a terminal by one line that is drawn over and over, with the milestones above it;
 * elsewhere by the milestones alone.
 *
 * ```ts
 * const progress = new ProgressLine(process.stderr);
 * const result = await evolvePatches({ dataset, onEvent: progress.show }).finally(progress.end);
 * ```
 */
export class ProgressLine {
  readonly #stream: ProgressStream;
  readonly #start = performance.now();
  #progress = { completed: 0, total: 0 };
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  readonly show = (event: EvolutionEvent): void => {
    this.#progress = event.progress;
    const milestone = describeEvent(event);
    if (milestone !== undefined) this.#stream.write(`${this.#clear()}${milestone}\n`);
    this.#draw();
    if (this.#stream.isTTY) this.#timer ??= setInterval(this.#draw, REDRAW_MILLISECONDS).unref();
  };

  /** Takes the line away. */
  readonly end = (): void => {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stream.write(this.#clear());
  };

  readonly #draw = (): void => {
    if (!this.#stream.isTTY) return;
    const width = (this.#stream.columns || DEFAULT_COLUMNS) - 1;
    this.#stream.write(this.#clear() + this.#line().slice(0, width));
  };

  #clear(): string {
    return this.#stream.isTTY ? '\r\x1b[2K' : '';
  }

  #line(): string {
    const { completed, total } = this.#progress;
    const seconds = (performance.now() - this.#start) / 1000;
    const filled = Math.round((BAR_WIDTH * completed) / Math.max(total, 1));
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    const left =
      completed < FEWEST_FOR_ESTIMATE
        ? ''
        : `, about ${formatSeconds((seconds / completed) * (total - completed))} left`;
    return `${bar} ${completed}/${total} networks, ${formatSeconds(seconds)}${left}`;
  }
}
