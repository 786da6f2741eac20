import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FileForm } from './output-forms.ts';
import { isOwn } from './outputs.ts';

/** Names drawings so that they replace neither another drawing of the same command nor a file of another program. */
export class DrawingNames {
  readonly #forms: readonly FileForm[];
  readonly #taken: Set<string>;

  /** @param photos the files that the command reads */
  constructor(forms: readonly FileForm[], photos: readonly string[]) {
    this.#forms = forms;
    this.#taken = new Set(photos.map(keyOf));
  }

  /** Takes `stem.png`, else `stem-2.png`, `stem-3.png` and so on. @param number the first to try */
  async take(stem: string, ending: string, number = 1): Promise<string> {
    const file = `${stem}${number === 1 ? '' : `-${number}`}${ending}`;
    if (this.#taken.has(keyOf(file)) || !(await this.#isFree(file)))
      return this.take(stem, ending, number + 1);
    this.#taken.add(keyOf(file));
    return file;
  }

  async #isFree(file: string): Promise<boolean> {
    const found = await stat(file).catch(() => undefined);
    return found === undefined || (await isOwn(file, this.#forms));
  }
}

/** Makes a key that ignores case, as some file systems do. */
function keyOf(file: string): string {
  return resolve(file).toLowerCase();
}
