import { FAINT, INK } from '../../dist/charts/colors.js';
import { drawText } from '../../dist/charts/text.js';
import { loadCanvas } from '../../dist/core/packages.js';

/**
 * What is written around a chart.
 *
 * @typedef {object} ChartTexts
 * @property {string} title
 * @property {string} subtitle
 * @property {string} xTitle
 * @property {string} yTitle
 */

/**
 * Where a chart's axes meet and end.
 *
 * @typedef {object} ChartArea
 * @property {number} left
 * @property {number} top
 * @property {number} right
 * @property {number} bottom
 */

/** Size of every chart, units. */
export const CHART = { width: 960, height: 560 };

/** Font sizes: of names in a chart, and of everything else. */
export const TEXT = 15;
export const SMALL = 13;

/** Colours that the colour-blind can tell apart (Okabe & Ito 2008), the first for what a chart is about. */
export const LINE_COLORS = [
  '#0072b2',
  '#1d1d1f',
  '#009e73',
  '#d55e00',
  '#aa5c8f',
  '#e69f00',
  '#56b4e9',
  '#7f7f7f',
];

/** The bytes of a PNG. @param scale pixels for each unit @param height units; its width is that of every chart */
export function chartPng(draw, scale = 2, height = CHART.height) {
  const canvas = loadCanvas().createCanvas(CHART.width * scale, height * scale);
  const context = canvas.getContext('2d');
  context.scale(scale, scale);
  draw(context);
  return canvas.toBuffer('image/png');
}

/** The bytes of an SVG, its text as paths. @param height units; its width is that of every chart */
export function chartSvg(draw, height = CHART.height) {
  const { createCanvas, SvgExportFlag } = loadCanvas();
  const canvas = createCanvas(CHART.width, height, SvgExportFlag.ConvertTextToPaths);
  draw(canvas.getContext('2d'));
  return canvas.getContent();
}

/** A white sheet with titles, a horizontal grid and both axes. */
export function drawFrame(context, { title, subtitle, xTitle, yTitle }, { left, top, right, bottom }, x, y) {
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, CHART.width, CHART.height);
  drawText(context, title, 20, 34, { size: 20, color: INK, bold: true });
  drawText(context, subtitle, 20, 56, { size: SMALL, color: FAINT });
  context.lineWidth = 1;
  for (const { value, label } of y.ticks) {
    context.strokeStyle = '#e5e5e8';
    context.beginPath();
    context.moveTo(left, y.at(value));
    context.lineTo(right, y.at(value));
    context.stroke();
    drawText(context, label, left - 8, y.at(value) + 4, { size: SMALL, color: FAINT, align: 'right' });
  }
  context.strokeStyle = FAINT;
  context.beginPath();
  context.moveTo(left, bottom);
  context.lineTo(right, bottom);
  for (const { value, label } of x.ticks) {
    context.moveTo(x.at(value), bottom);
    context.lineTo(x.at(value), bottom + 5);
    drawText(context, label, x.at(value), bottom + 20, { size: SMALL, color: FAINT, align: 'center' });
  }
  context.stroke();
  drawText(context, xTitle, right, bottom + 44, { size: SMALL, color: INK, align: 'right' });
  drawText(context, yTitle, 20, top - 18, { size: SMALL, color: INK });
}
