import { type Html, html } from '../core/html.ts';
import { type Axis, type AxisOptions, axisOf, axisWithTicks, type Tick } from './axis.ts';

/** Holds the axes of a chart in units of its view box, which the page scales. */
export interface Plot {
  readonly x: Axis;
  readonly y: Axis;
  /** The ends of the axes. */
  readonly area: typeof AREA;
  /** The axes with their ticks, grid and titles. */
  readonly frame: Html;
}

export interface PlotOptions {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** How the x axis is divided. */
  readonly xAxis?: AxisOptions;
  /** Ticks of the x axis in place of round values. */
  readonly xTicks?: { readonly ticks: readonly Tick[]; readonly isLogarithmic: boolean };
}

/** Size of every plot, small enough that text stays legible on a phone. */
const PLOT = { width: 460, height: 320 } as const;
const AREA = { left: 50, top: 34, right: 446, bottom: 270 } as const;

/** Draws axes around values, or from 0 to 1 if there are none. */
export function drawPlot({ xTitle, yTitle, xs, ys, xAxis = {}, xTicks }: PlotOptions): Plot {
  const exact = xAxis.exact && new Set(xs).size > 1;
  const x = xTicks
    ? axisWithTicks(xTicks.ticks, xs, AREA.left, AREA.right, xTicks.isLogarithmic)
    : axisOf(xs.length > 0 ? xs : [0, 1], AREA.left, AREA.right, { ...xAxis, exact });
  const y = axisOf(ys.length > 0 ? ys : [0, 1], AREA.bottom, AREA.top);
  const frame = html`<g class="axes" aria-hidden="true">
${y.ticks.map(
  ({ value, label }) =>
    html`<path class="grid" d="M${AREA.left} ${rounded(y.at(value))}H${AREA.right}"/><text x="${AREA.left - 8}" y="${rounded(y.at(value) + 4)}" text-anchor="end">${label}</text>`,
)}
<path class="axis" d="M${AREA.left} ${AREA.bottom}H${AREA.right}"/>
${x.ticks.map(
  ({ value, label }) =>
    html`<path class="axis" d="M${rounded(x.at(value))} ${AREA.bottom}v5"/><text x="${rounded(x.at(value))}" y="${AREA.bottom + 20}" text-anchor="middle">${label}</text>`,
)}
<text class="axis-title" x="${AREA.right}" y="${AREA.bottom + 42}" text-anchor="end">${xTitle}</text>
<text class="axis-title" x="4" y="16">${yTitle}</text>
</g>`;
  return { x, y, area: AREA, frame };
}

/** Rounds a coordinate to a tenth of a unit, an invisible difference. */
export function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

const SHAPES = ['circle', 'square', 'triangle', 'diamond'] as const;

/** Draws a mark of the n-th series, whose shape identifies it as well as its colour. */
export function drawMarker(series: number, x: number, y: number, radius: number): Html {
  const [left, right, top, bottom] = [x - radius, x + radius, y - radius, y + radius].map(rounded);
  switch (SHAPES[series % SHAPES.length]) {
    case 'circle':
      return html`<circle class="mark" cx="${rounded(x)}" cy="${rounded(y)}" r="${rounded(radius)}"/>`;
    case 'square':
      return html`<path class="mark" d="M${left} ${top}H${right}V${bottom}H${left}Z"/>`;
    case 'triangle':
      return html`<path class="mark" d="M${rounded(x)} ${top}L${right} ${bottom}H${left}Z"/>`;
    case 'diamond':
      return html`<path class="mark" d="M${rounded(x)} ${top}L${right} ${rounded(y)}L${rounded(x)} ${bottom}L${left} ${rounded(y)}Z"/>`;
  }
}

/** Names the CSS class of the n-th series, which sets its colour and dashes. */
export function seriesClass(series: number): string {
  return `series-${series % SERIES_COUNT}`;
}

/** Number of series with colours of their own. */
export const SERIES_COUNT = 6;

export interface PlotContent {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  /** `group` if parts of the chart are links, otherwise `img`. */
  readonly role: 'img' | 'group';
  readonly names: readonly string[];
}

/** Joins a chart of several series and the legend below it in one element of the page. */
export function plotFigure(
  { id, title, role, names }: PlotContent,
  { frame }: Plot,
  series: readonly Html[],
): Html {
  return html`<div class="plot"><svg class="chart" viewBox="0 0 ${PLOT.width} ${PLOT.height}" role="${role}" aria-labelledby="${id}-title">
<title id="${id}-title">${title}</title>
${frame}
${series}
</svg>${drawLegend(names)}</div>`;
}

/** Lists names beside the marks of their series, if there is more than one. */
function drawLegend(names: readonly string[]): Html | null {
  if (names.length < 2) return null;
  return html`<ul class="legend">${names.map(
    (name, series) =>
      html`<li><svg class="${seriesClass(series)}" viewBox="0 0 28 12" width="28" height="12" aria-hidden="true"><path class="line" d="M0 6H28"/>${drawMarker(series, 14, 6, 4)}</svg> ${name}</li>`,
  )}</ul>`;
}
