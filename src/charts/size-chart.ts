import type { Interval } from '../core/comparison.ts';
import { type Html, html } from '../core/html.ts';
import type { Tick } from './axis.ts';
import { drawMarker, drawPlot, type Plot, plotFigure, rounded, seriesClass } from './plot.ts';

export interface SizePoint {
  readonly size: number;
  readonly value: number;
  readonly interval: Interval;
  /** Shown on hovering. */
  readonly title: string;
  /** Target of a click, as in `#network-1`; `null` for a point in the background. */
  readonly href: string | null;
  /** Whether it has a ring around it. */
  readonly isRinged: boolean;
}

export interface SizeChart {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** The limits of the sizes. */
  readonly ticks: readonly Tick[];
  readonly isLogarithmic: boolean;
  readonly points: readonly SizePoint[];
  /** A value to compare with, as a line in the band of its interval. */
  readonly reference: { readonly label: string; readonly value: number; readonly interval: Interval } | null;
}

/** Draws values by size, with the staircase of the highest value up to each size. */
export function sizeChart(chart: SizeChart): Html {
  const { id, title, xTitle, yTitle, ticks, isLogarithmic, points, reference } = chart;
  const plot = drawPlot({
    xTitle,
    yTitle,
    xs: [...points.map(({ size }) => size), ...(isLogarithmic ? [] : [0])],
    ys: [...points, ...(reference ? [reference] : [])].flatMap(({ value, interval }) => [value, ...interval]),
    xTicks: { ticks, isLogarithmic },
  });
  const marks = points.toSorted((a, b) => Number(a.isRinged) - Number(b.isRinged)); // the ring on top
  return plotFigure({ id, title, role: 'group', names: [] }, plot, [
    html`${reference && drawReference(reference, plot)}`,
    html`<g class="${seriesClass(0)}"><path class="line staircase" d="${staircase(points, plot)}"/>${marks
      .filter(({ href }) => href === null)
      .map((point) => drawOther(point, plot))}${marks.map((point) => drawPoint(point, plot))}</g>`,
  ]);
}

function drawReference(
  { label, value, interval }: NonNullable<SizeChart['reference']>,
  { area, y }: Plot,
): Html {
  const [bottom, top] = interval.map(y.at);
  return html`<rect class="band" x="${area.left}" y="${rounded(top)}" width="${area.right - area.left}" height="${rounded(bottom - top)}"/>
<path class="reference" d="M${area.left} ${rounded(y.at(value))}H${area.right}"/><text x="${area.left + 6}" y="${rounded(y.at(value) - 6)}">${label}</text>`;
}

function drawOther({ size, value, title }: SizePoint, { x, y }: Plot): Html {
  return html`<circle class="other" cx="${rounded(x.at(size))}" cy="${rounded(y.at(value))}" r="3"><title>${title}</title></circle>`;
}

function drawPoint({ size, value, interval, title, href, isRinged }: SizePoint, { x, y }: Plot): Html | null {
  if (href === null) return null;
  const [left, top] = [x.at(size), y.at(value)];
  const [low, high] = interval.map((end) => rounded(y.at(end)));
  return html`<a href="${href}"><title>${title}</title><circle class="target" cx="${rounded(left)}" cy="${rounded(top)}" r="12"/><path class="spread" d="M${rounded(left)} ${low}V${high}"/>${
    isRinged && html`<circle class="ring" cx="${rounded(left)}" cy="${rounded(top)}" r="9"/>`
  }${drawMarker(0, left, top, 5)}</a>`;
}

/** Draws a path that rises to each point that is higher than all smaller ones, and ends at the right edge. */
function staircase(points: readonly SizePoint[], { area, x, y }: Plot): string {
  let highest = Number.NEGATIVE_INFINITY;
  const steps = points
    .toSorted((a, b) => a.size - b.size || b.value - a.value)
    .filter(({ value }) => {
      const isHigher = value > highest;
      highest = Math.max(highest, value);
      return isHigher;
    })
    .map(({ size, value }, index) => {
      const [left, top] = [rounded(x.at(size)), rounded(y.at(value))];
      return index === 0 ? `M${left} ${top}` : `H${left}V${top}`;
    });
  return `${steps.join('')}H${area.right}`;
}
