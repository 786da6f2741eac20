import { stripVTControlCharacters } from 'node:util';
import { escapeControls, escapeLines } from '../core/escape-controls.ts';

/** A text stream that may be a terminal, as `process.stderr`. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Codes for colours: those that the callers of `draw` set are all that pass. */
const COLOR = new RegExp(`(${'\x1b'}\\[\\d{1,2}m)`);
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** Writes a line that stays, whatever it holds. */
export function writeLine(stream: ProgressStream, line: string): void {
  stream.write(`${escapeLines(line)}\n`);
}

/**
 * The last lines of a terminal, drawn over and over; elsewhere nothing but what stays above them is written. The cursor is
 * never hidden and always waits below them, so however the process ends there is nothing to put right.
 */
export class LiveLines {
  readonly #stream: ProgressStream;
  #drawn: readonly string[] = [];

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Characters that a line may have: one less than the terminal, which would begin a new line after its last. */
  get width(): number {
    return Math.max(1, this.#columns - 1);
  }

  /** Lines that there is room for, with one for the cursor and one for what stays above. */
  get height(): number {
    return Math.max(1, (this.#stream.rows || DEFAULT_ROWS) - 2);
  }

  /** Shows these in place of what was drawn before. None may be wider than `width`; they may have colours. */
  draw(lines: readonly string[]): void {
    if (!this.isTerminal) return;
    this.#write(this.#erased(), lines.map(escapeAllButColors));
  }

  /** Writes a line that stays. */
  writeAbove(line: string): void {
    this.#write(`${this.#erased()}${escapeLines(line)}\n`, this.#drawn);
  }

  /** Takes away what is drawn. */
  clear(): void {
    if (this.#drawn.length > 0) this.#write(this.#erased(), []);
  }

  #write(before: string, lines: readonly string[]): void {
    this.#drawn = lines;
    this.#stream.write(before + lines.map((line) => `${line}\n`).join(''));
  }

  /** A terminal that has become narrower since has broken the lines anew, so they may fill more rows than they did. */
  #erased(): string {
    if (this.#drawn.length === 0) return '';
    const rowsOf = (line: string) => Math.ceil(stripVTControlCharacters(line).length / this.#columns);
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, rowsOf(line)), 0);
    return `\r\x1b[${rows}A\x1b[J`;
  }

  get #columns(): number {
    return this.#stream.columns || DEFAULT_COLUMNS;
  }
}

function escapeAllButColors(line: string): string {
  return line
    .split(COLOR)
    .map((part, i) => (i % 2 === 1 ? part : escapeControls(part)))
    .join('');
}
