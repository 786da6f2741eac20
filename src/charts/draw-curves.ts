import { createCanvas, type SKRSContext2D, SvgExportFlag } from 'canvas';
import { type Axis, axisOf } from './axis.ts';
import { FAINT, INK } from './palette.ts';
import { drawText, textWidth } from './text.ts';

/** The mean of several curves with the least and the most, at evenly spaced amounts of compute. */
export interface Band {
  readonly samples: readonly number[];
  readonly mean: readonly number[];
  readonly least: readonly number[];
  readonly most: readonly number[];
}

/** One line of a chart with the range around it. */
export interface Line extends Band {
  readonly title: string;
  /** Whether it is the one that the chart is about. */
  readonly main: boolean;
}

export interface Chart {
  readonly title: string;
  readonly subtitle: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly lines: readonly Line[];
  /** A height that is marked across the chart, and what it is. */
  readonly level?: { readonly value: number; readonly title?: string };
  /** A place on the main line that is marked, and what is there. */
  readonly mark?: { readonly samples: number; readonly value: number; readonly title: string };
}

const WIDTH = 960;
const HEIGHT = 560;
const PLOT = { left: 64, top: 112, right: 760, bottom: 496 };
const TEXT = 15;
const SMALL = 13;
/** Least distance of the names at the ends of lines. */
const NAME_HEIGHT = 20;

/** Colours that the colour-blind can tell apart (Okabe & Ito 2008), each with dashes of its own. */
const STYLES = [
  { color: '#0072b2', dash: [] },
  { color: '#1d1d1f', dash: [8, 4] },
  { color: '#009e73', dash: [12, 4, 3, 4] },
  { color: '#d55e00', dash: [3, 3] },
  { color: '#aa5c8f', dash: [7, 3, 2, 3, 2, 3] },
] as const;

/** The bytes of a PNG. @param scale pixels for each of 960×560 units */
export function chartPng(chart: Chart, scale = 2): Uint8Array {
  const canvas = createCanvas(WIDTH * scale, HEIGHT * scale);
  const context = canvas.getContext('2d');
  context.scale(scale, scale);
  drawChart(context, chart);
  return canvas.toBuffer('image/png');
}

/** The bytes of an SVG, its text as paths. */
export function chartSvg(chart: Chart): Uint8Array {
  const canvas = createCanvas(WIDTH, HEIGHT, SvgExportFlag.ConvertTextToPaths);
  drawChart(canvas.getContext('2d'), chart);
  return canvas.getContent();
}

function drawChart(context: SKRSContext2D, chart: Chart): void {
  const { lines, level, mark } = chart;
  const ends = lines.flatMap(({ samples }) => samples[samples.length - 1]);
  const x = axisOf([0, ...ends], PLOT.left, PLOT.right, true);
  const y = axisOf(
    lines.flatMap(({ least, most }) => [...least, ...most]),
    PLOT.bottom,
    PLOT.top,
  );
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  drawText(context, chart.title, 20, 34, { size: 20, color: INK, bold: true });
  drawText(context, chart.subtitle, 20, 56, { size: SMALL, color: FAINT });
  drawAxes(context, chart, x, y);
  context.lineJoin = 'round';
  for (const [index, line] of lines.entries()) drawBand(context, line, index, x, y);
  if (level !== undefined) drawLevel(context, level, y);
  for (const [index, line] of lines.entries()) drawMean(context, line, index, x, y);
  drawNames(context, lines, y);
  if (mark !== undefined) {
    const [left, top] = [x.at(mark.samples), y.at(mark.value)];
    context.beginPath();
    context.arc(left, top, 6, 0, 2 * Math.PI);
    context.fillStyle = STYLES[0].color;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = '#ffffff';
    context.stroke();
    const style = { size: SMALL, color: INK, bold: true };
    context.fillStyle = '#ffffffd0'; // over lines that pass behind it
    context.fillRect(left + 9, top + 20 - SMALL, textWidth(context, mark.title, style) + 6, SMALL + 5);
    drawText(context, mark.title, left + 12, top + 20, style);
  }
}

function drawAxes(context: SKRSContext2D, { xTitle, yTitle }: Chart, x: Axis, y: Axis): void {
  context.lineWidth = 1;
  for (const { value, label } of y.ticks) {
    context.strokeStyle = '#e5e5e8';
    context.beginPath();
    context.moveTo(PLOT.left, y.at(value));
    context.lineTo(PLOT.right, y.at(value));
    context.stroke();
    drawText(context, label, PLOT.left - 8, y.at(value) + 4, { size: SMALL, color: FAINT, align: 'right' });
  }
  context.strokeStyle = FAINT;
  context.beginPath();
  context.moveTo(PLOT.left, PLOT.bottom);
  context.lineTo(PLOT.right, PLOT.bottom);
  for (const { value, label } of x.ticks) {
    context.moveTo(x.at(value), PLOT.bottom);
    context.lineTo(x.at(value), PLOT.bottom + 5);
    drawText(context, label, x.at(value), PLOT.bottom + 20, { size: SMALL, color: FAINT, align: 'center' });
  }
  context.stroke();
  drawText(context, xTitle, PLOT.right, PLOT.bottom + 44, { size: SMALL, color: INK, align: 'right' });
  drawText(context, yTitle, 20, PLOT.top - 18, { size: SMALL, color: INK });
}

function drawBand(
  context: SKRSContext2D,
  { samples, least, most }: Line,
  index: number,
  x: Axis,
  y: Axis,
): void {
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

function drawMean(
  context: SKRSContext2D,
  { samples, mean, main }: Line,
  index: number,
  x: Axis,
  y: Axis,
): void {
  const { color, dash } = styleOf(index);
  context.beginPath();
  for (const [place, value] of mean.entries()) context.lineTo(x.at(samples[place]), y.at(value));
  context.strokeStyle = color;
  context.lineWidth = main ? 3.5 : 2;
  context.setLineDash([...dash]);
  context.stroke();
  context.setLineDash([]);
}

function drawLevel(context: SKRSContext2D, { value, title }: NonNullable<Chart['level']>, y: Axis): void {
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
function drawNames(context: SKRSContext2D, lines: readonly Line[], y: Axis): void {
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
export function apart(places: readonly number[], distance: number, limit: number): number[] {
  const moved = [...places];
  for (let i = 1; i < moved.length; i++) moved[i] = Math.max(moved[i], moved[i - 1] + distance);
  for (let i = moved.length - 1; i >= 0; i--) {
    moved[i] = Math.min(moved[i], i === moved.length - 1 ? limit : moved[i + 1] - distance);
  }
  return moved;
}

function styleOf(index: number): (typeof STYLES)[number] {
  return STYLES[index % STYLES.length];
}
