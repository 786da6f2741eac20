import { axisOf, axisWithTicks } from '../../dist/charts/axis.js';
import { FAINT, INK } from '../../dist/charts/colors.js';
import { drawText, textWidth } from '../../dist/charts/text.js';
import { drawFrame, LINE_COLORS, SMALL, TEXT } from './chart-frame.js';

/**
 * The mean of several curves with the least and the most, at evenly spaced amounts of compute.
 *
 * @typedef {object} Band
 * @property {number[]} samples
 * @property {number[]} mean
 * @property {number[]} least
 * @property {number[]} most
 */

/**
 * One line of a chart with the range around it.
 *
 * @typedef {Band} Line
 * @property {string} title
 * @property {boolean} main Whether it is the one that the chart is about.
 */

/**
 * @typedef {ChartTexts} CurveChart
 * @property {Line[]} lines
 * @property {boolean} [areRatios] Whether all values are ratios, on logarithmic axes.
 * @property {{ value: number; title?: string }} [level] A height that is marked across the chart, and what it is.
 * @property {{ samples: number; value: number; title: string }} [mark] A place on the main line that is marked, and what is there.
 */

const PLOT = { left: 64, top: 112, right: 760, bottom: 496 };
/** Least distance of the names at the ends of lines. */
const NAME_HEIGHT = 20;

/** Each line has dashes of its own beside its colour. */
const DASHES = [[], [8, 4], [12, 4, 3, 4], [3, 3], [7, 3, 2, 3, 2, 3], [16, 4], [2, 5], [5, 2]];

/** Draws it on 960×560 units. */
export function drawCurves(context, chart) {
  const { lines, level, mark } = chart;
  const ends = lines.flatMap(({ samples }) => samples[samples.length - 1]);
  const heights = lines.flatMap(({ least, most }) => [...least, ...most]);
  const x = chart.areRatios
    ? axisOfRatios(ends, PLOT.left, PLOT.right)
    : axisOf([0, ...ends], PLOT.left, PLOT.right, { exact: true });
  const y = (chart.areRatios ? axisOfRatios : axisOf)(heights, PLOT.bottom, PLOT.top);
  drawFrame(context, chart, PLOT, x, y);
  context.lineJoin = 'round';
  for (const [index, line] of lines.entries()) drawBand(context, line, index, x, y);
  if (level !== undefined) drawLevel(context, level, y);
  for (const [index, line] of lines.entries()) drawMean(context, line, index, x, y);
  drawNames(context, lines, y);
  if (mark !== undefined) {
    const [left, top] = [x.at(mark.samples), y.at(mark.value)];
    context.beginPath();
    context.arc(left, top, 6, 0, 2 * Math.PI);
    context.fillStyle = LINE_COLORS[0];
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = '#ffffff';
    context.stroke();
    const style = { size: SMALL, color: INK, bold: true };
    context.fillStyle = '#ffffffd0'; // over lines that pass behind it
    context.fillRect(left + 9, top + 20 - SMALL, textWidth(mark.title, style) + 6, SMALL + 5);
    drawText(context, mark.title, left + 12, top + 20, style);
  }
}

/** From 1 on, with ticks at the powers of ten. */
function axisOfRatios(values, from, to) {
  const powers = Math.ceil(Math.log10(Math.max(...values)) - 1e-9);
  const ticks = Array.from({ length: powers + 1 }, (_, power) => 10 ** power);
  const named = ticks.map((value) => ({ value, label: `×${value.toLocaleString('en')}` }));
  return axisWithTicks(named, values, from, to, true);
}

function drawBand(context, { samples, least, most }, index, x, y) {
  context.beginPath();
  for (const [place, value] of most.entries()) context.lineTo(x.at(samples[place]), y.at(value));
  for (const [place, value] of [...least.entries()].reverse())
    context.lineTo(x.at(samples[place]), y.at(value));
  context.closePath();
  context.globalAlpha = 0.12;
  context.fillStyle = styleOf(index).color;
  context.fill();
  context.globalAlpha = 1;
}

function drawMean(context, { samples, mean, main }, index, x, y) {
  const { color, dash } = styleOf(index);
  context.beginPath();
  for (const [place, value] of mean.entries()) context.lineTo(x.at(samples[place]), y.at(value));
  context.strokeStyle = color;
  context.lineWidth = main ? 3.5 : 2;
  context.setLineDash([...dash]);
  context.stroke();
  context.setLineDash([]);
}

function drawLevel(context, { value, title }, y) {
  context.strokeStyle = FAINT;
  context.lineWidth = 1;
  context.setLineDash([2, 4]);
  context.beginPath();
  context.moveTo(PLOT.left, y.at(value));
  context.lineTo(PLOT.right, y.at(value));
  context.stroke();
  context.setLineDash([]);
  if (title !== undefined) {
    drawText(context, title, PLOT.left + 6, y.at(value) - 6, { size: SMALL, color: FAINT });
  }
}

/** Names at the ends of their lines, moved apart where these lie close. */
function drawNames(context, lines, y) {
  const names = lines
    .map(({ title, main, mean }, index) => ({ title, main, index, end: y.at(mean[mean.length - 1]) }))
    .sort((a, b) => a.end - b.end);
  const places = apart(
    names.map(({ end }) => end),
    NAME_HEIGHT,
    PLOT.bottom,
  );
  for (const [place, { title, main, index, end }] of names.entries()) {
    const { color, dash } = styleOf(index);
    const top = places[place];
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.globalAlpha = 0.5;
    context.beginPath();
    context.moveTo(PLOT.right + 3, end);
    context.lineTo(PLOT.right + 13, top);
    context.stroke();
    context.globalAlpha = 1;
    context.lineWidth = main ? 3.5 : 2;
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(PLOT.right + 14, top);
    context.lineTo(PLOT.right + 42, top);
    context.stroke();
    context.setLineDash([]);
    drawText(context, title, PLOT.right + 48, top + 5, { size: TEXT, color: INK, bold: main });
  }
}

/** Places, ascending, moved down and back up until neighbours are at least so far apart and none lies below the limit. */
export function apart(places, distance, limit) {
  const moved = [...places];
  for (let i = 1; i < moved.length; i++) moved[i] = Math.max(moved[i], moved[i - 1] + distance);
  for (let i = moved.length - 1; i >= 0; i--) {
    moved[i] = Math.min(moved[i], i === moved.length - 1 ? limit : moved[i + 1] - distance);
  }
  return moved;
}

function styleOf(index) {
  const place = index % LINE_COLORS.length;
  return { color: LINE_COLORS[place], dash: DASHES[place] };
}
