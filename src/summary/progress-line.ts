import type { EvolutionEvent } from '../evolution/events.ts';
import { describeEvent } from './describe-event.ts';
import { formatSeconds } from './format.ts';
import { type ProgressStream, StatusLine } from './status-line.ts';

const BAR_WIDTH = 24;
const REDRAW_MILLISECONDS = 1000;
/** Before so many networks have been trained, the time left is anybody's guess. */
const FEWEST_FOR_ESTIMATE = 4;

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
  readonly #line: StatusLine;
  readonly #start = performance.now();
  #progress = { completed: 0, total: 0 };
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: ProgressStream) {
    this.#line = new StatusLine(stream);
  }

  readonly show = (event: EvolutionEvent): void => {
    this.#progress = event.progress;
    const milestone = describeEvent(event);
    if (milestone !== undefined) this.#line.writeAbove(milestone);
    this.#draw();
    if (this.#line.isTerminal) this.#timer ??= setInterval(this.#draw, REDRAW_MILLISECONDS).unref();
  };

  /** Takes the line away. */
  readonly end = (): void => {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#line.clear();
  };

  readonly #draw = (): void => this.#line.draw(this.#describe());

  #describe(): string {
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
