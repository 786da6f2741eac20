import type { SKRSContext2D } from 'canvas';
import { loadCanvas } from '../core/packages.ts';
import type { Axis } from './axis.ts';
import { FAINT, INK } from './palette.ts';
import { drawText } from './text.ts';

/** What is written around a chart. */
export interface ChartTexts {
  readonly title: string;
  readonly subtitle: string;
  readonly xTitle: string;
  readonly yTitle: string;
}

/** Where a chart's axes meet and end. */
export interface ChartArea {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Size of every chart, units. */
export const CHART = { width: 960, height: 560 } as const;

/** Font sizes: of names in a chart, and of everything else. */
export const TEXT = 15;
export const SMALL = 13;

/** Colours that the colour-blind can tell apart (Okabe & Ito 2008), the first for what a chart is about. */
export const LINE_COLORS = ['#0072b2', '#1d1d1f', '#009e73', '#d55e00', '#aa5c8f'] as const;

type Draw = (context: SKRSContext2D) => void;

/** The bytes of a PNG. @param scale pixels for each of 960×560 units */
export function chartPng(draw: Draw, scale = 2): Uint8Array {
  const canvas = loadCanvas().createCanvas(CHART.width * scale, CHART.height * scale);
  const context = canvas.getContext('2d');
  context.scale(scale, scale);
  draw(context);
  return canvas.toBuffer('image/png');
}

/** The bytes of an SVG, its text as paths. */
export function chartSvg(draw: Draw): Uint8Array {
  const { createCanvas, SvgExportFlag } = loadCanvas();
  const canvas = createCanvas(CHART.width, CHART.height, SvgExportFlag.ConvertTextToPaths);
  draw(canvas.getContext('2d'));
  return canvas.getContent();
}

/** A white sheet with titles, a horizontal grid and both axes. */
export function drawFrame(
  context: SKRSContext2D,
  { title, subtitle, xTitle, yTitle }: ChartTexts,
  { left, top, right, bottom }: ChartArea,
  x: Axis,
  y: Axis,
): void {
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
