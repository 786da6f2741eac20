// Draws the hypervolume against the wall-clock time of both forms, for each number of workers.

import { colorOf, FAINT, INK } from '../../dist/charts/colors.js';
import { svgSurface } from '../../dist/charts/svg-surface.js';

const [WIDTH, HEIGHT] = [760, 420];
const PLOT = { left: 70, right: 560, top: 30, bottom: 360 };
const SMALL = 13;

/** The document of a chart; its time axis is logarithmic. */
export function plotOf(results) {
  const surface = svgSurface(WIDTH, HEIGHT, 1);
  const points = results.flatMap(({ curve }) => curve).filter(({ seconds }) => seconds > 0);
  const [first, last] = [Math.min, Math.max].map((pick) =>
    Math.log10(pick(...points.map(({ seconds }) => seconds))),
  );
  const [from, to] = [Math.floor(first), Math.ceil(last)];
  const most = Math.ceil(10 * Math.max(...points.map(({ hypervolume }) => hypervolume))) / 10;
  const x = (seconds) => PLOT.left + ((Math.log10(seconds) - from) / (to - from)) * (PLOT.right - PLOT.left);
  const y = (value) => PLOT.bottom - (value / most) * (PLOT.bottom - PLOT.top);
  for (let power = from; power <= to; power++) {
    const label = 10 ** power >= 1 ? String(10 ** power) : `1/${10 ** -power}`;
    surface.text(`${label} s`, x(10 ** power), PLOT.bottom + 20, {
      size: SMALL,
      color: FAINT,
      align: 'center',
    });
    line(
      surface,
      [
        [x(10 ** power), PLOT.top],
        [x(10 ** power), PLOT.bottom],
      ],
      { stroke: FAINT, strokeOpacity: 0.25 },
    );
  }
  for (let tenth = 0; tenth <= 10 * most; tenth++) {
    const value = tenth / 10;
    surface.text(value.toFixed(1), PLOT.left - 8, y(value) + 4, {
      size: SMALL,
      color: FAINT,
      align: 'right',
    });
    line(
      surface,
      [
        [PLOT.left, y(value)],
        [PLOT.right, y(value)],
      ],
      { stroke: FAINT, strokeOpacity: 0.25 },
    );
  }
  surface.text('hypervolume against wall-clock time; dashed: by generations', PLOT.left, 18, {
    size: SMALL,
    color: INK,
  });
  const counts = [...new Set(results.map(({ workers }) => workers))];
  for (const { workers, form, curve } of results) {
    const color = colorOf(counts.indexOf(workers));
    const path = curve
      .filter(({ seconds }) => seconds > 0)
      .map((one) => [x(one.seconds), y(one.hypervolume)]);
    const dash = form === 'asynchronous' ? undefined : [6, 4];
    line(surface, path, { stroke: color, lineWidth: 2, dash });
  }
  for (const [index, workers] of counts.entries()) {
    const top = PLOT.top + 20 * index + 10;
    line(
      surface,
      [
        [580, top],
        [610, top],
      ],
      { stroke: colorOf(index), lineWidth: 3 },
    );
    surface.text(`${workers} worker${workers === 1 ? '' : 's'}`, 620, top + 4, { size: SMALL, color: INK });
  }
  return surface.toSvg('Hypervolume against wall-clock time of searches with and without a barrier');
}

function line(surface, points, paint) {
  surface.shape(points, paint, 'open');
}
