import { stripVTControlCharacters } from 'node:util';
import { escapeControls, escapeLines } from '../core/escape-controls.ts';

/** A text stream that may be a terminal, as `process.stderr`. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Codes for colours, which alone pass through `draw`. */
const COLOR = new RegExp(`(${'\x1b'}\\[\\d{1,2}m)`);
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** Writes a line with its control characters escaped. */
export function writeLine(stream: ProgressStream, line: string): void {
  stream.write(`${escapeLines(line)}\n`);
}

/**
 * The last lines of a terminal, redrawn in place; without a terminal, only the permanent lines above them are written. The
 * cursor is never hidden and always stays below, so the terminal is intact however the process ends.
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

  /** Maximum characters of a line: one less than the terminal has, which would wrap after its last column. */
  get width(): number {
    return Math.max(1, this.#columns - 1);
  }

  /** Maximum lines: one is left for the cursor and one for the permanent lines above. */
  get height(): number {
    return Math.max(1, (this.#stream.rows || DEFAULT_ROWS) - 2);
  }

  /** Replaces what was drawn before. No line may be wider than `width`; lines may have colours. */
  draw(lines: readonly string[]): void {
    if (!this.isTerminal) return;
    this.#write(this.#erased(), lines.map(escapeAllButColors));
  }

  /** Writes a permanent line. */
  writeAbove(line: string): void {
    this.#write(`${this.#erased()}${escapeLines(line)}\n`, this.#drawn);
  }

  /** Erases what is drawn. */
  clear(): void {
    if (this.#drawn.length > 0) this.#write(this.#erased(), []);
  }

  #write(before: string, lines: readonly string[]): void {
    this.#drawn = lines;
    this.#stream.write(before + lines.map((line) => `${line}\n`).join(''));
  }

  /** Gives the codes that erase the drawn lines. A terminal that has become narrower has wrapped them over more rows. */
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
