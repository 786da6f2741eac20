import { EvopatchError } from '../core/errors.ts';

/** The classes of FER2013 in the order of its labels (Goodfellow et al. 2013). */
export const FER2013_CLASSES = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'] as const;

const MAX_CLASSES = 256;
const WHOLE = /^\d{1,9}(\.0+)?$/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/**
 * Names classes by the labels of a csv. A whole number is its own class name, except that 0 to 6 are the classes of FER2013 if
 * the labels are FER2013's; any other text is its own class name.
 */
export class CsvLabels {
  readonly #meanings: readonly string[];
  readonly #names = new Set<string>();
  #hasMeaning = false;

  /** @param areFer2013 whether 0 to 6 are the classes of FER2013 */
  constructor(areFer2013: boolean) {
    this.#meanings = areFer2013 ? FER2013_CLASSES : [];
  }

  /**
   * Class names in order: all seven of FER2013 if one of them occurs as a number; then numbers, ascending; then names by code
   * unit.
   */
  get classes(): readonly string[] {
    const own = [...this.#names].filter((name) => !this.#hasMeaning || !this.#meanings.includes(name));
    const numbers = own.filter((name) => WHOLE.test(name)).sort((a, b) => Number(a) - Number(b));
    const words = own.filter((name) => !WHOLE.test(name)).sort();
    return [...(this.#hasMeaning ? this.#meanings : []), ...numbers, ...words];
  }

  /**
   * Gives the class of a label.
   *
   * @throws EvopatchError `INVALID_DATA` for an empty label, a negative or fractional number, and a 257th class.
   */
  nameOf(label: string, column: string, file: string, row: number): string {
    const data = { file, row, option: column, given: label };
    if (label === '') {
      const hint = 'Fill it in, or leave the row out.';
      throw new EvopatchError('INVALID_DATA', 'the label is empty', { ...data, hint });
    }
    if (NUMBER.test(label) && !WHOLE.test(label)) {
      const hint = 'Labels are whole numbers from 0, or names.';
      throw new EvopatchError('INVALID_DATA', 'not a label', { ...data, hint });
    }
    const number = WHOLE.test(label) ? Number(label) : undefined;
    const meaning = number === undefined ? undefined : this.#meanings[number];
    if (meaning !== undefined) this.#hasMeaning = true;
    const name = number === undefined ? label : (meaning ?? String(number));
    this.#names.add(name);
    if (this.#names.size > MAX_CLASSES) {
      const hint = `A data set has at most ${MAX_CLASSES} classes. Is '${column}' the column of labels?`;
      throw new EvopatchError('INVALID_DATA', 'too many classes', { ...data, hint });
    }
    return name;
  }
}
