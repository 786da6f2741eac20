import { type Html, html } from '../core/html.ts';
import { axisOf } from './axis.ts';
import { rounded } from './plot.ts';

export interface IntervalRow {
  readonly label: string;
  readonly value: number;
  readonly interval: readonly [number, number];
  /** The value as text. */
  readonly text: string;
  /** Whether the row is highlighted. */
  readonly main: boolean;
}

export interface IntervalChart {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly rows: readonly IntervalRow[];
}

const WIDTH = 460;
const AREA = { left: 168, right: 404 } as const;
const TOP = 30;
const ROW = 27;

/** Draws values with their intervals below one another, on an axis with a line at zero: a forest plot. */
export function intervalChart({ id, title, rows }: IntervalChart): Html {
  const axis = axisOf([0, ...rows.flatMap(({ interval }) => interval)], AREA.left, AREA.right);
  const at = (value: number) => rounded(axis.at(value));
  const bottom = TOP + ROW * rows.length;
  return html`<svg class="chart intervals" viewBox="0 0 ${WIDTH} ${bottom + 24}" role="img" aria-labelledby="${id}-title ${id}-text">
<title id="${id}-title">${title}</title>
<desc id="${id}-text">${rows.map(({ label, text }) => `${label}: ${text}`).join('; ')}</desc>
<g aria-hidden="true"><text class="axis-title" x="0" y="14">${title}</text>
${axis.ticks.map(
  ({ value, label }) =>
    html`<path class="${value === 0 ? 'axis' : 'grid'}" d="M${at(value)} ${TOP}V${bottom}"/><text x="${at(value)}" y="${bottom + 16}" text-anchor="middle">${label}</text>`,
)}
${rows.map(({ label, value, interval: [low, high], text, main }, row) => {
  const y = TOP + (row + 1 / 2) * ROW;
  return html`<g class="${main ? 'main series-0' : ''}"><text x="0" y="${y + 4}">${label}</text><path class="whisker" d="M${at(low)} ${y}H${at(high)}"/><circle class="mark" cx="${at(value)}" cy="${y}" r="4.5"/><text x="${WIDTH}" y="${y + 4}" text-anchor="end">${text}</text></g>`;
})}</g>
</svg>`;
}
