import { type Html, html } from '../core/html.ts';
import { drawMarker, drawPlot, plotFigure, rounded, seriesClass } from './plot.ts';

export interface FrontPoint {
  readonly x: number;
  readonly y: number;
  /** Shown on hovering. */
  readonly title: string;
  /** Target of a click, as in `#genome-1`. */
  readonly href: string;
  /** Value of the link's `data-genome`. */
  readonly genome: string;
  /** Whether it has a ring around it. */
  readonly ringed: boolean;
}

export interface FrontChart {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly series: readonly { readonly name: string; readonly points: readonly FrontPoint[] }[];
}

/** Draws fronts: points of which none beats another in both values, each front with its staircase. */
export function frontChart({ id, title, xTitle, yTitle, series }: FrontChart): Html {
  const all = series.flatMap(({ points }) => points);
  const axes = drawPlot({
    xTitle,
    yTitle,
    xs: [0, ...all.map((point) => point.x)],
    ys: all.map((point) => point.y),
  });
  const { x, y } = axes;
  const sets = series.map(({ points }, index) => {
    const links = points.map((point) => {
      const [left, top] = [x.at(point.x), y.at(point.y)];
      return html`<a data-genome="${point.genome}" href="${point.href}"><title>${point.title}</title><circle class="target" cx="${rounded(left)}" cy="${rounded(top)}" r="12"/>${
        point.ringed && html`<circle class="ring" cx="${rounded(left)}" cy="${rounded(top)}" r="9"/>`
      }${drawMarker(index, left, top, 5)}</a>`;
    });
    return html`<g class="${seriesClass(index)}"><path class="line staircase" d="${staircase(
      points.map((point) => [x.at(point.x), y.at(point.y)]),
    )}"/>${links}</g>`;
  });
  return plotFigure({ id, title, role: 'group', names: series.map(({ name }) => name) }, axes, sets);
}

/** Draws a path from the upper left: right to each point, then down to it, in coordinates whose y grows downward. */
function staircase(points: readonly (readonly [number, number])[]): string {
  const ordered = points.toSorted((a, b) => a[0] - b[0] || b[1] - a[1]);
  let lowest = Number.NEGATIVE_INFINITY;
  return ordered
    .filter(([, top]) => {
      const isLower = top > lowest;
      lowest = Math.max(lowest, top);
      return isLower;
    })
    .map(([left, top], index) =>
      index === 0 ? `M${rounded(left)} ${rounded(top)}` : `H${rounded(left)}V${rounded(top)}`,
    )
    .join('');
}
