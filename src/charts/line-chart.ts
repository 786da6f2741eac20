import { type Html, html } from '../core/html.ts';
import { drawMarker, drawPlot, plotFigure, rounded, seriesClass } from './plot.ts';

export interface LineSeries {
  readonly name: string;
  /** Points in order of x, which are whole numbers; the line has a gap if y is `null`. */
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

/** Charts with longer lines than this have no marks. */
const MAX_MARKED = 60;

/** Draws lines with a mark for each value, and a legend if there is more than one line. */
export function lineChart({ id, title, xTitle, yTitle, series }: LineChart): Html {
  const known = series.flatMap(({ points }) => points.filter(({ y }) => y !== null));
  const axes = drawPlot({
    xTitle,
    yTitle,
    xs: known.map((point) => point.x),
    ys: known.map((point) => point.y ?? 0),
    xAxis: { exact: true, whole: true },
  });
  const { x, y } = axes;
  const isMarked = Math.max(...series.map(({ points }) => points.length)) <= MAX_MARKED;
  const lines = series.map(({ points }, index) => {
    let pen = 'M';
    const path = points.map((point) => {
      if (point.y === null) {
        pen = 'M';
        return '';
      }
      const step = `${pen}${rounded(x.at(point.x))} ${rounded(y.at(point.y))}`;
      pen = 'L';
      return step;
    });
    const marks = points.map(
      (point) =>
        isMarked &&
        point.y !== null &&
        html`<g>${drawMarker(index, x.at(point.x), y.at(point.y), 3)}<title>${point.title}</title></g>`,
    );
    return html`<g class="${seriesClass(index)}"><path class="line" d="${path.join('')}"/>${marks}</g>`;
  });
  return plotFigure({ id, title, role: 'img', names: series.map(({ name }) => name) }, axes, lines);
}
