import { type Html, html } from '../core/html.ts';
import { marker, PLOT, place, plot, seriesClass, withLegend } from './plot.ts';

export interface FrontPoint {
  readonly x: number;
  readonly y: number;
  /** What hovering tells. */
  readonly title: string;
  /** What a click goes to, as in `#place`. */
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

/** Sets of points none of which another beats in both values, each with the staircase below which nothing was found. */
export function frontChart({ id, title, xTitle, yTitle, series }: FrontChart): Html {
  const all = series.flatMap(({ points }) => points);
  const { x, y, frame } = plot({
    xTitle,
    yTitle,
    xs: [0, ...all.map((point) => point.x)],
    ys: all.map((point) => point.y),
  });
  const sets = series.map(({ points }, index) => {
    const links = points.map((point) => {
      const [left, top] = [x.at(point.x), y.at(point.y)];
      return html`<a data-genome="${point.genome}" href="${point.href}"><title>${point.title}</title><circle class="target" cx="${place(left)}" cy="${place(top)}" r="12"/>${
        point.ringed && html`<circle class="ring" cx="${place(left)}" cy="${place(top)}" r="9"/>`
      }${marker(index, left, top, 5)}</a>`;
    });
    return html`<g class="${seriesClass(index)}"><path class="line staircase" d="${staircase(
      points.map((point) => [x.at(point.x), y.at(point.y)]),
    )}"/>${links}</g>`;
  });
  const chart = html`<svg class="chart" viewBox="0 0 ${PLOT.width} ${PLOT.height}" role="group" aria-labelledby="${id}-title">
<title id="${id}-title">${title}</title>
${frame}
${sets}
</svg>`;
  return withLegend(
    chart,
    series.map(({ name }) => name),
  );
}

/** From the upper left: down at each point, then right to the next. Places in the plot, where y grows downward. */
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
      index === 0 ? `M${place(left)} ${place(top)}` : `H${place(left)}V${place(top)}`,
    )
    .join('');
}
