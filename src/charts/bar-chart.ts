import { type Html, html } from '../core/html.ts';
import { rounded } from './plot.ts';

export interface Bar {
  readonly label: string;
  /** 0 or more. */
  readonly value: number;
  /** The value as text. */
  readonly text: string;
  readonly interval?: readonly [number, number];
  /** Whether the bar is highlighted. */
  readonly main: boolean;
}

export interface BarChart {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Value of a full bar. @defaultValue the maximum of the values */
  readonly maximum?: number;
}

const WIDTH = 240;
const ROW = 42;
const TOP = 26;

/** Draws bars below one another, each with its label and value above it. */
export function barChart({ id, title, bars, maximum }: BarChart): Html {
  const full = maximum ?? Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const at = (value: number) => rounded((WIDTH * Math.min(Math.max(value, 0), full)) / full);
  return html`<svg class="chart bars" viewBox="0 0 ${WIDTH} ${TOP + ROW * bars.length}" role="img" aria-labelledby="${id}-title ${id}-text">
<title id="${id}-title">${title}</title>
<desc id="${id}-text">${bars.map(({ label, text }) => `${label}: ${text}`).join('; ')}</desc>
<g aria-hidden="true"><text class="bars-title" x="0" y="14">${title}</text>
${bars.map(({ label, value, text, interval, main }, row) => {
  const top = TOP + row * ROW;
  return html`<g class="${main ? 'bar main' : 'bar'}"><text x="0" y="${top + 13}">${label}</text><text class="value" x="${WIDTH}" y="${top + 13}" text-anchor="end">${text}</text><rect class="track" x="0" y="${top + 19}" width="${WIDTH}" height="9" rx="2"/><rect class="fill" x="0" y="${top + 19}" width="${at(value)}" height="9" rx="2"/>${
    interval !== undefined &&
    html`<path class="whisker" d="M${at(interval[0])} ${top + 23.5}H${at(interval[1])}M${at(interval[0])} ${top + 20}v7M${at(interval[1])} ${top + 20}v7"/>`
  }</g>`;
})}</g>
</svg>`;
}
