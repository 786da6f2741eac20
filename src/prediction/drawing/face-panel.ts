import type { SKRSContext2D } from 'canvas';
import { drawText, textWidth } from '../../charts/text.ts';
import type { Box } from '../../landmarks/landmark-detector.ts';
import type { PredictedFace } from '../prediction.ts';
import type { Size } from './place-panels.ts';

/** `full` has a line with a bar for each class; `compact` the bars alone, in the model's order, behind the label. */
export type PanelStyle = 'full' | 'compact';

const PAPER = 'rgba(18, 18, 20, 0.84)';
const TEXT = '#ffffff';
const FAINT = '#b9b9be';
const TRACK = 'rgba(255, 255, 255, 0.16)';
const BEST = '#ffb000';
const OTHER = '#d8d8dc';

// Lengths in heights of the label's text.
const PADDING = 0.5;
const SMALL = 0.72;
const LINE = 0.98;
const BAR_WIDTH = 3.4;
const COLUMN = 0.2;

/** Room that the panel of a face needs, for labels of `text` pixels. */
export function panelSize(
  context: SKRSContext2D,
  face: PredictedFace,
  style: PanelStyle,
  text: number,
): Size {
  const label = textWidth(context, labelOf(face), labelStyle(text));
  const small = attributesText(face);
  const smallWidth = small === undefined ? 0 : textWidth(context, small, smallStyle(text));
  const classes = Object.keys(face.probabilities);
  const head = text * (1 + (small === undefined ? 0 : LINE));
  const around = 2 * PADDING * text;
  if (style === 'compact') {
    const bars = (PADDING + classes.length * 1.5 * COLUMN) * text;
    return { width: Math.max(label + bars, smallWidth) + around, height: head + around };
  }
  const bars = namesWidth(context, classes, text) + (PADDING + BAR_WIDTH) * text;
  const height = head + (0.4 + classes.length * LINE) * text + around;
  return { width: Math.max(label, smallWidth, bars) + around, height };
}

/** Writes what was predicted of a face into its panel. */
export function drawFacePanel(
  context: SKRSContext2D,
  face: PredictedFace,
  panel: Box,
  style: PanelStyle,
  text: number,
): void {
  context.fillStyle = PAPER;
  context.beginPath();
  context.roundRect(panel.x, panel.y, panel.width, panel.height, 0.4 * text);
  context.fill();
  const left = panel.x + PADDING * text;
  let baseline = panel.y + (PADDING + 0.86) * text;
  drawText(context, labelOf(face), left, baseline, labelStyle(text));
  if (style === 'compact') drawColumns(context, face, panel, baseline, text);
  const small = attributesText(face);
  if (small !== undefined) {
    baseline += LINE * text;
    drawText(context, small, left, baseline, smallStyle(text));
  }
  if (style === 'full') drawRows(context, face, panel, baseline + 0.4 * text, text);
}

/** A line with a name and a bar for each class. */
function drawRows(
  context: SKRSContext2D,
  face: PredictedFace,
  panel: Box,
  above: number,
  text: number,
): void {
  const classes = Object.keys(face.probabilities);
  const left = panel.x + PADDING * text;
  const start = left + namesWidth(context, classes, text) + PADDING * text;
  const whole = panel.x + panel.width - PADDING * text - start;
  for (const [index, name] of classes.entries()) {
    const baseline = above + (index + 1) * LINE * text;
    const best = name === face.label;
    drawText(context, name, left, baseline, { ...smallStyle(text), color: best ? TEXT : FAINT });
    const bar = { y: baseline - 0.46 * text, height: 0.4 * text };
    fillRounded(context, { x: start, width: whole, ...bar }, TRACK);
    const width = whole * face.probabilities[name];
    fillRounded(context, { x: start, width, ...bar }, best ? BEST : OTHER);
  }
}

/** A column for each class at the right end of the label's line. */
function drawColumns(
  context: SKRSContext2D,
  face: PredictedFace,
  panel: Box,
  baseline: number,
  text: number,
): void {
  const entries = Object.entries(face.probabilities);
  const step = 1.5 * COLUMN * text;
  const start = panel.x + panel.width - PADDING * text - entries.length * step + 0.5 * COLUMN * text;
  for (const [index, [name, probability]] of entries.entries()) {
    const column = { x: start + index * step, width: COLUMN * text };
    const full = 0.86 * text;
    context.fillStyle = TRACK;
    context.fillRect(column.x, baseline - full, column.width, full);
    context.fillStyle = name === face.label ? BEST : OTHER;
    context.fillRect(column.x, baseline - full * probability, column.width, full * probability);
  }
}

function fillRounded(context: SKRSContext2D, { x, y, width, height }: Box, color: string): void {
  if (width < 0.5) return;
  context.fillStyle = color;
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(width, height) / 2);
  context.fill();
}

function labelOf({ label, probability }: PredictedFace): string {
  return `${label} ${Math.round(100 * probability)} %`;
}

/** What is known beside the expression. */
function attributesText({ also, attributes }: PredictedFace): string | undefined {
  const parts = [
    ...(also === undefined ? [] : [`${also.label} ${Math.round(100 * also.probability)} %`]),
    ...(attributes === undefined ? [] : [`${attributes.gender}, ${Math.round(attributes.age)} years`]),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

function namesWidth(context: SKRSContext2D, classes: readonly string[], text: number): number {
  return Math.max(...classes.map((name) => textWidth(context, name, smallStyle(text))));
}

function labelStyle(text: number) {
  return { size: text, color: TEXT, bold: true };
}

function smallStyle(text: number) {
  return { size: SMALL * text, color: FAINT };
}
