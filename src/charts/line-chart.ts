import { type Html, html } from '../core/html.ts';
import { marker, PLOT, place, plot, seriesClass, withLegend } from './plot.ts';

export interface LineSeries {
  readonly name: string;
  /** In order of x, whole numbers; a gap where y is `null`. */
  readonly points: readonly { readonly x: number; readonly y: number | null; readonly title: string }[];
}

export interface LineChart {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly series: readonly LineSeries[];
}

/** Points of a line that are marked; of more the line alone is drawn. */
const MAX_MARKED = 60;

/** Lines with a mark for each value as an SVG, and a legend where there is more than one. */
export function lineChart({ id, title, xTitle, yTitle, series }: LineChart): Html {
  const known = series.flatMap(({ points }) => points.filter(({ y }) => y !== null));
  const { x, y, frame } = plot({
    xTitle,
    yTitle,
    xs: known.map((point) => point.x),
    ys: known.map((point) => point.y ?? 0),
    xAxis: { exact: true, whole: true },
  });
  const isMarked = Math.max(...series.map(({ points }) => points.length)) <= MAX_MARKED;
  const lines = series.map(({ points }, index) => {
    let pen = 'M';
    const path = points.map((point) => {
      if (point.y === null) {
        pen = 'M';
        return '';
      }
      const step = `${pen}${place(x.at(point.x))} ${place(y.at(point.y))}`;
      pen = 'L';
      return step;
    });
    const marks = points.map(
      (point) =>
        isMarked &&
        point.y !== null &&
        html`<g>${marker(index, x.at(point.x), y.at(point.y), 3)}<title>${point.title}</title></g>`,
    );
    return html`<g class="${seriesClass(index)}"><path class="line" d="${path.join('')}"/>${marks}</g>`;
  });
  const chart = html`<svg class="chart" viewBox="0 0 ${PLOT.width} ${PLOT.height}" role="img" aria-labelledby="${id}-title">
<title id="${id}-title">${title}</title>
${frame}
${lines}
</svg>`;
  return withLegend(
    chart,
    series.map(({ name }) => name),
  );
}
