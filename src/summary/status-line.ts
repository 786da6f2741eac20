const DEFAULT_COLUMNS = 80;

/** A text stream that may be a terminal, as `process.stderr`. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The last line of a terminal, drawn over and over; elsewhere nothing but the lines above it is written. */
export class StatusLine {
  readonly #stream: ProgressStream;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Shows this in place of what stood there, cut to the width of the terminal. */
  draw(text: string): void {
    if (!this.isTerminal) return;
    const width = (this.#stream.columns || DEFAULT_COLUMNS) - 1;
    this.#stream.write(this.#erased() + text.slice(0, width));
  }

  /** Writes a line that stays. */
  writeAbove(line: string): void {
    this.#stream.write(`${this.#erased()}${line}\n`);
  }

  clear(): void {
    this.#stream.write(this.#erased());
  }

  #erased(): string {
    return this.isTerminal ? '\r\x1b[2K' : '';
  }
}
