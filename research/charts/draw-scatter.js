import { axisOf } from '../../dist/charts/axis.js';
import { INK } from '../../dist/charts/colors.js';
import { drawText, textWidth } from '../../dist/charts/text.js';
import { drawFrame, LINE_COLORS, SMALL } from './chart-frame.js';

/**
 * @typedef {object} ScatterPoint
 * @property {number} x More than 0.
 * @property {number} y
 * @property {number | null} deviation Drawn up and down from it.
 * @property {string} title Written beside it; nothing where it is empty.
 */

/**
 * @typedef {object} ScatterSeries
 * @property {string} title
 * @property {ScatterPoint[]} points
 * @property {boolean} joined Whether a line joins its points, from left to right.
 */

/**
 * Points above a logarithmic axis; the series that the chart is about comes first.
 *
 * @typedef {ChartTexts} ScatterChart
 * @property {ScatterSeries[]} series
 */

const PLOT = { left: 64, top: 130, right: 930, bottom: 496 };
const RADIUS = 6;

/**
 * @typedef {object} Box
 * @property {number} left
 * @property {number} top
 * @property {number} right
 * @property {number} bottom
 */

/** Draws it on 960×560 units; each series has a colour and a shape of its own. */
export function drawScatter(context, chart) {
  const all = chart.series.flatMap(({ points }) => points);
  const ends = all.flatMap(({ y, deviation }) => [y - (deviation ?? 0), y + (deviation ?? 0)]);
  const x = logAxisOf(
    all.map((point) => point.x),
    PLOT.left + 20,
    PLOT.right - 20,
  );
  const y = axisOf(ends, PLOT.bottom, PLOT.top);
  drawFrame(context, chart, PLOT, x, y);
  drawLegend(context, chart.series);
  const marks = chart.series.map(({ points, joined }, series) => {
    const ordered = points.toSorted((a, b) => a.x - b.x);
    const places = ordered.map((point) => ({ point, left: x.at(point.x), top: y.at(point.y) }));
    context.strokeStyle = context.fillStyle = colorOf(series);
    context.lineWidth = 2;
    if (joined) {
      context.beginPath();
      for (const { left, top } of places) context.lineTo(left, top);
      context.stroke();
    }
    for (const { point, left } of places) {
      context.beginPath();
      context.moveTo(left, y.at(point.y - (point.deviation ?? 0)));
      context.lineTo(left, y.at(point.y + (point.deviation ?? 0)));
      context.stroke();
    }
    return places;
  });
  for (const [series, places] of marks.entries()) {
    for (const { left, top } of places) drawMark(context, series, left, top);
  }
  const taken = marks.flat().map(({ left, top }) => boxAround(left, top, RADIUS + 2));
  for (const [series, places] of marks.entries()) {
    if (chart.series[series].joined) taken.push(...boxesAlong(places));
  }
  for (const [series, places] of marks.entries()) {
    for (const { point, left, top } of places)
      drawLabel(context, point.title, left, top, series === 0, taken);
  }
}

function drawLegend(context, series) {
  let left = 26;
  for (const [index, { title, points }] of series.entries()) {
    if (points.length === 0) continue;
    const style = { size: SMALL, color: INK, bold: index === 0 };
    drawMark(context, index, left, 80);
    drawText(context, title, left + 13, 84, style);
    left += 13 + textWidth(title, style) + 34;
  }
}

function drawMark(context, series, x, y) {
  context.beginPath();
  if (series === 0) context.arc(x, y, RADIUS, 0, 2 * Math.PI);
  else {
    const corners = [4, 3, 5][(series - 1) % 3];
    for (let corner = 0; corner < corners; corner++) {
      const angle = 2 * Math.PI * (corner / corners) - Math.PI / 2;
      context.lineTo(x + 1.15 * RADIUS * Math.cos(angle), y + 1.15 * RADIUS * Math.sin(angle));
    }
    context.closePath();
  }
  context.fillStyle = colorOf(series);
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = '#ffffff';
  context.stroke();
}

/** Writes a name where it covers nothing: right, left, above or below its mark, else to the right. */
function drawLabel(context, title, x, y, bold, taken) {
  if (title === '') return;
  const style = { size: SMALL, color: INK, bold };
  const width = textWidth(title, style);
  const starts = [
    [x + 11, y + 5],
    [x - 11 - width, y + 5],
    [x - width / 2, y - 14],
    [x - width / 2, y + 24],
    [x + 8, y - 12],
    [x + 8, y + 22],
    [x - 8 - width, y - 12],
    [x - 8 - width, y + 22],
  ];
  const boxes = starts.map(([left, baseline]) => {
    return { left, top: baseline - SMALL + 1, right: left + width, bottom: baseline + 3 };
  });
  const isFree = (box) =>
    box.left >= PLOT.left && box.right <= PLOT.right + 20 && !taken.some((other) => overlaps(box, other));
  const found = boxes.findIndex(isFree);
  const place = Math.max(found, 0);
  taken.push(boxes[place]);
  context.fillStyle = '#ffffffd0'; // over the grid
  context.fillRect(boxes[place].left, boxes[place].top, width, SMALL + 2);
  drawText(context, title, starts[place][0], starts[place][1], style);
}

function boxAround(x, y, radius) {
  return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
}

/** Small boxes along the line that joins some places. */
function boxesAlong(places) {
  const steps = 50;
  return places.slice(1).flatMap((end, i) => {
    const start = places[i];
    return Array.from({ length: steps }, (_, step) => {
      const along = (from, to) => from + ((to - from) * step) / steps;
      return boxAround(along(start.left, end.left), along(start.top, end.top), 2);
    });
  });
}

function overlaps(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function colorOf(series) {
  return LINE_COLORS[series % LINE_COLORS.length];
}

/**
 * A logarithmic axis from the least of the values, all above 0, to the most, with ticks at 1, 2 and 5 times powers of ten.
 *
 * @param from, to places of its ends
 */
export function logAxisOf(values, from, to) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = Math.log(most / least) || 1;
  const ticks = [];
  for (let power = Math.floor(Math.log10(least)); 10 ** power <= most; power++) {
    for (const value of [1, 2, 5].map((factor) => factor * 10 ** power)) {
      if (value >= least && value <= most) ticks.push({ value, label: shortCount(value) });
    }
  }
  return { ticks, at: (value) => from + (Math.log(value / least) / range) * (to - from) };
}

function shortCount(value) {
  if (value >= 1e6) return `${value / 1e6} M`;
  return value >= 1e3 ? `${value / 1e3} k` : String(value);
}
