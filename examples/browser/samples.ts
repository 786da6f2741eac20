// The drawn faces to try without a photo.

export interface Sample {
  /** The expression that it was drawn with. */
  readonly name: string;
  readonly image: HTMLImageElement;
}

const FILES = import.meta.glob<string>('./generated/*.png', {
  eager: true,
  query: '?url',
  import: 'default',
});

/** The list of drawn faces. */
export class Samples {
  /** The one to begin with. */
  readonly first: Sample;
  readonly #buttons = new Map<Sample, HTMLButtonElement>();

  constructor(list: HTMLElement, onChoose: (sample: Sample) => void) {
    for (const [path, src] of Object.entries(FILES)) {
      const name = path.slice(path.lastIndexOf('/') + 1, -'.png'.length);
      const sample = { name, image: Object.assign(new Image(64, 64), { src, alt: '' }) };
      const button = Object.assign(document.createElement('button'), { type: 'button' });
      button.append(sample.image, name);
      button.addEventListener('click', () => onChoose(sample));
      this.#buttons.set(sample, button);
      const item = document.createElement('li');
      item.append(button);
      list.append(item);
    }
    const samples = [...this.#buttons.keys()];
    this.first = samples.find(({ name }) => name === 'happy') ?? samples[0];
  }

  /** Marks the one that is shown, if any is. */
  mark(shown: Sample | undefined): void {
    for (const [sample, button] of this.#buttons) button.setAttribute('aria-pressed', `${sample === shown}`);
  }
}
