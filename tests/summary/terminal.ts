/**
 * The little of a terminal that the display uses: lines that wrap, the cursor moved up, everything below it erased. It
 * breaks its lines anew when it is resized, as most terminals do.
 */
export class Terminal {
  #columns: number;
  /** Rows, each a list of characters; `wrapped` where the row continues the one above. */
  #rows: { text: string; wrapped: boolean }[] = [{ text: '', wrapped: false }];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  write(text: string): void {
    const [plain, ...rest] = text.split('\x1b[');
    for (const character of plain) this.#put(character);
    for (const piece of rest) {
      const [code] = piece.match(/^\d*[A-Za-z]/) ?? [''];
      this.#control(code);
      for (const character of piece.slice(code.length)) this.#put(character);
    }
  }

  /** The lines on the screen, without empty rows at the end. */
  lines(): string[] {
    const lines = this.#rows.map(({ text }) => text);
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  }

  /** The cursor must wait at the end, as it does between frames. */
  resize(columns: number): void {
    const whole: string[] = [];
    for (const { text, wrapped } of this.#rows) {
      if (wrapped) whole[whole.length - 1] += text;
      else whole.push(text);
    }
    this.#columns = columns;
    this.#rows = whole.flatMap((text) => {
      const pieces = text.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? [''];
      return pieces.map((piece, index) => ({ text: piece, wrapped: index > 0 }));
    });
    this.#row = this.#rows.length - 1;
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#newRow(false);
    else {
      if (this.#column === this.#columns) this.#newRow(true);
      const row = this.#rows[this.#row];
      row.text = row.text.slice(0, this.#column) + character + row.text.slice(this.#column + 1);
      this.#column++;
    }
  }

  #newRow(wrapped: boolean): void {
    this.#row++;
    this.#column = 0;
    if (this.#row === this.#rows.length) this.#rows.push({ text: '', wrapped });
  }

  #control(code: string): void {
    const kind = code.at(-1);
    if (kind === 'A') {
      this.#row -= Number(code.slice(0, -1));
      if (this.#row < 0) throw new Error('the cursor left the screen');
    } else if (kind === 'J') {
      this.#rows.length = this.#row + 1;
      this.#rows[this.#row].text = this.#rows[this.#row].text.slice(0, this.#column);
    } else if (kind !== 'm') throw new Error(`the display does not use ${code}`);
  }
}
