// Shows what the models say of a face: the likeliest class in large letters, and a bar for each class.
import type { PredictedFace } from 'evopatch/browser';
import type { OpenedModel } from './protocol.ts';

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** Says an answer in one line: "happy, 93 %". */
export function inWords({ label, probability }: PredictedFace): string {
  return `${label}, ${percent(probability)}`;
}

interface Panel {
  show(answer: PredictedFace | undefined): void;
}

/** The panels of all open models; `onChoose` hears which one's patches are to be shown. */
export class Answers {
  readonly #place: HTMLElement;
  readonly #onChoose: (model: number) => void;
  #panels: readonly Panel[] = [];

  constructor(place: HTMLElement, onChoose: (model: number) => void) {
    this.#place = place;
    this.#onChoose = onChoose;
  }

  /** Makes a panel for each model. */
  open(models: readonly OpenedModel[], chosen: number): void {
    this.#place.replaceChildren();
    this.#panels = models.map((model, i) => {
      const { element, panel } = panelOf(model);
      if (models.length > 1) element.append(this.#choice(model, i, i === chosen));
      this.#place.append(element);
      return panel;
    });
  }

  /** Shows the answers of each model, or that there are none. */
  show(answers: readonly PredictedFace[] | undefined): void {
    for (const [i, panel] of this.#panels.entries()) panel.show(answers?.[i]);
  }

  #choice({ name }: OpenedModel, index: number, chosen: boolean): HTMLElement {
    const input = make('input', { type: 'radio', name: 'patches', checked: chosen });
    input.addEventListener('change', () => this.#onChoose(index));
    const label = make('label', { className: 'switch' });
    label.append(input, make('span', { textContent: `Show the patches of ${name}` }));
    return label;
  }
}

function panelOf(model: OpenedModel): { element: HTMLElement; panel: Panel } {
  const element = make('article', { className: 'panel' });
  element.setAttribute('aria-label', `Answer of ${model.name}`);
  const label = make('span', { className: 'label' });
  const share = make('span', { className: 'share' });
  const headline = make('h2', { className: 'headline' });
  headline.append(label, ' ', share);
  const list = make('ul', { className: 'bars' });
  const bars = model.classes.map((name) => {
    const item = make('li', {});
    const bar = make('span', { className: 'bar' });
    const value = make('span', { className: 'value' });
    const track = make('span', { className: 'track' });
    track.append(bar);
    item.append(make('span', { className: 'name', textContent: name }), track, value);
    list.append(item);
    return { name, item, bar, value };
  });
  element.append(headline, list, make('p', { className: 'about', textContent: describe(model) }));

  const show = (answer: PredictedFace | undefined) => {
    element.classList.toggle('empty', answer === undefined);
    label.textContent = answer?.label ?? 'no answer';
    share.textContent = answer === undefined ? '' : percent(answer.probability);
    for (const { name, item, bar, value } of bars) {
      const probability = answer?.probabilities[name] ?? 0;
      bar.style.scale = `${probability} 1`;
      value.textContent = answer === undefined ? '–' : percent(probability);
      item.classList.toggle('first', name === answer?.label);
    }
  };
  return { element, panel: { show } };
}

function describe({ name, parameters, share }: OpenedModel): string {
  const read = share === undefined ? 'all of the face' : `${percent(share)} of the pixels of the face`;
  return `${name}: ${parameters.toLocaleString('en')} parameters, reads ${read}`;
}

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), properties);
}
