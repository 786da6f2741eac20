/** A wait before an answer for the camera is announced, and between two of them, milliseconds. */
const STEADY = 2000;
const PAUSE = 5000;

/** Tells readers of the screen what they cannot see, and no more than they can hear. */
export class Status {
  readonly #element: HTMLElement;
  #candidate = '';
  #since = 0;
  #said = Number.NEGATIVE_INFINITY;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  say(text: string): void {
    this.#element.textContent = text;
    this.#candidate = text;
    this.#said = performance.now();
  }

  /** Says what has been the same for a while, without its numbers, which never rest. */
  sayWhenSteady(text: string): void {
    const now = performance.now();
    const words = text.replaceAll(/, \d+\s%/g, '');
    if (words !== this.#candidate) {
      this.#candidate = words;
      this.#since = now;
    } else if (
      now > this.#since + STEADY &&
      now > this.#said + PAUSE &&
      this.#element.textContent !== words
    ) {
      this.say(words);
    }
  }
}
