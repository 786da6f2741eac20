// Shows what the models say of a face: the likeliest class in large letters, and a bar for each class.
import type { PredictedFace } from 'evopatch/browser';
import type { OpenedModel } from './protocol.ts';
import { drawCloseUp, type Scene } from './stage.ts';

const percent = (share: number) => `${Math.round(100 * share)}\u00a0%`;

/** Says an answer in one line: "happy, 93 %". */
export function inWords({ label, probability }: PredictedFace): string {
  return `${label}, ${percent(probability)}`;
}

interface Panel {
  show(scene: Scene): void;
}

/** The answers of all open models, a panel for each. */
export class Answers {
  readonly #place: HTMLElement;
  #panels: readonly Panel[] = [];

  constructor(place: HTMLElement) {
    this.#place = place;
  }

  open(models: readonly OpenedModel[]): void {
    this.#place.replaceChildren();
    this.#panels = models.map((model) => openPanel(this.#place, model));
  }

  /** Shows the chosen face as each model reads it. */
  show(scenes: readonly Scene[]): void {
    for (const [i, panel] of this.#panels.entries()) panel.show(scenes[i]);
  }
}

function openPanel(place: HTMLElement, model: OpenedModel): Panel {
  const panel = make('article', { className: 'panel' });
  panel.setAttribute('aria-label', `Answer of ${model.name}`);
  const closeUp = make('canvas', { className: 'close-up' });
  closeUp.setAttribute('aria-hidden', 'true');
  const label = make('h2', { className: 'label' });
  const share = make('p', { className: 'share' });
  const words = make('div', {});
  words.append(label, share);
  const headline = make('div', { className: 'headline' });
  headline.append(closeUp, words);
  const list = make('ul', { className: 'bars' });
  const bars = model.classes.map((name) => openBar(list, name));
  panel.append(headline, list, make('p', { className: 'about', textContent: describe(model) }));
  place.append(panel);

  return {
    show: (scene) => {
      drawCloseUp(closeUp, scene);
      const answer = scene.faces.at(scene.face);
      label.textContent = answer?.label ?? 'no face';
      share.textContent = answer === undefined ? '' : percent(answer.probability);
      panel.classList.toggle('empty', answer === undefined);
      for (const bar of bars) bar.show(answer);
    },
  };
}

function openBar(list: HTMLElement, name: string): { show(answer: PredictedFace | undefined): void } {
  const bar = make('span', { className: 'bar' });
  const track = make('span', { className: 'track' });
  track.append(bar);
  const value = make('span', { className: 'value' });
  const item = make('li', {});
  item.append(make('span', { textContent: name }), track, value);
  list.append(item);
  return {
    show: (answer) => {
      const probability = answer?.probabilities[name] ?? 0;
      bar.style.scale = `${probability} 1`;
      value.textContent = answer === undefined ? '–' : percent(probability);
      item.classList.toggle('first', name === answer?.label);
    },
  };
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
