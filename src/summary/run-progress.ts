import type { EvolutionEvent } from '../search/events.ts';
import { describeEvent } from './describe-event.ts';
import { LiveLines, type ProgressStream } from './live-lines.ts';
import { initialStatus, type RunStatus, statusAfter } from './run-status.ts';
import { joinParts, type Part, statusLines } from './status-lines.ts';

const REDRAW_SECONDS = 1;
/** Evaluations in faster succession are drawn together. */
const MIN_SECONDS = 0.1;

/** Faint and coloured text, legible on dark and on light backgrounds. */
const CODES = { faint: '\x1b[2m', bright: '\x1b[36m' } as const;
const END_OF_CODES = '\x1b[0m';

export interface RunProgressOptions {
  /** Whether a terminal may show colours. @defaultValue true unless the environment sets NO_COLOR */
  readonly color?: boolean;
  /** A clock, seconds. @defaultValue that of the process */
  readonly clock?: () => number;
}

/**
 * Shows the progress of a run: on a terminal in a few lines that are redrawn in place, elsewhere in a line for each generation
 * and other milestone.
 *
 * ```ts
 * const progress = new RunProgress(process.stderr);
 * const result = await evolvePatches({ dataset, onEvent: progress.show }).finally(progress.end);
 * ```
 */
export class RunProgress {
  readonly #lines: LiveLines;
  readonly #paint: (part: Part) => string;
  readonly #clock: () => number;
  readonly #start: number;
  #status: RunStatus = initialStatus;
  #drawn = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: ProgressStream, options: RunProgressOptions = {}) {
    const { color = !process.env.NO_COLOR, clock = () => performance.now() / 1000 } = options;
    this.#lines = new LiveLines(stream);
    this.#paint = color ? painted : ({ text }) => text;
    this.#clock = clock;
    this.#start = clock();
  }

  /** Shows an event of the run. */
  readonly show = (event: EvolutionEvent): void => {
    const now = this.#now();
    const { phase } = this.#status;
    this.#status = statusAfter(this.#status, event, now);
    const milestone = describeEvent(event, this.#lines.isTerminal);
    if (milestone !== undefined) this.#lines.writeAbove(milestone);
    if (!this.#lines.isTerminal) {
      if (this.#status.phase === 'random search' && phase !== 'random search')
        this.#lines.writeAbove('controls: as many random layouts');
      return;
    }
    this.#timer ??= setInterval(this.#draw, 1000 * REDRAW_SECONDS).unref();
    if (event.type !== 'evaluation' || now - this.#drawn >= MIN_SECONDS) this.#draw();
  };

  /** Erases the redrawn lines. */
  readonly end = (): void => {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#lines.clear();
  };

  readonly #draw = (): void => {
    this.#drawn = this.#now();
    const lines = statusLines(this.#status, this.#drawn, this.#lines.width, this.#lines.height);
    this.#lines.draw(lines.map((parts) => joinParts(parts, this.#paint)));
  };

  #now(): number {
    return this.#clock() - this.#start;
  }
}

function painted({ text, style }: Part): string {
  return style === undefined ? text : `${CODES[style]}${text}${END_OF_CODES}`;
}
