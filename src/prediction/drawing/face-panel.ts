import type { SKRSContext2D } from 'canvas';
import { drawText, textWidth } from '../../charts/text.ts';
import { faceSquare } from '../../genome/patches.ts';
import type { Box } from '../../landmarks/landmark-detector.ts';
import { canvasOf } from '../../maps/canvas-surface.ts';
import { contrastLevels } from '../../maps/saliency-cells.ts';
import type { GuidedView, PredictedFace } from '../prediction.ts';
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
/** Least side of the view of what speaks for the label. */
const LEAST_VIEW = 4.6;
const UNREAD = 48;

/** Room that the panel of a face needs, for labels of `text` pixels. */
export function panelSize(face: PredictedFace, style: PanelStyle, text: number): Size {
  const label = textWidth(labelOf(face), labelStyle(text));
  const small = attributesText(face);
  const smallWidth = small === undefined ? 0 : textWidth(small, smallStyle(text));
  const classes = Object.keys(face.probabilities);
  const head = text * (1 + (small === undefined ? 0 : LINE));
  const around = 2 * PADDING * text;
  const columns = classes.length * 1.5 * COLUMN * text;
  const view = face.guided === undefined ? 0 : viewSide(classes, style, text);
  if (style === 'compact') {
    const writing = Math.max(view > 0 ? label : label + PADDING * text + columns, smallWidth, columns);
    return withView(view, { width: writing + around, height: head + around }, text);
  }
  const bars = namesWidth(classes, text) + (PADDING + BAR_WIDTH) * text;
  const height = head + (0.4 + classes.length * LINE) * text + around;
  return withView(view, { width: Math.max(label, smallWidth, bars) + around, height }, text);
}

/** Side of the view of what speaks for the label: beside all lines of a full panel, but for the smaller writing. */
function viewSide(classes: readonly string[], style: PanelStyle, text: number): number {
  return (style === 'full' ? Math.max(1.4 + classes.length * LINE, LEAST_VIEW) : LEAST_VIEW) * text;
}

function withView(view: number, { width, height }: Size, text: number): Size {
  if (view === 0) return { width, height };
  return { width: width + view + PADDING * text, height: Math.max(height, view + 2 * PADDING * text) };
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
  const padding = PADDING * text;
  const top = panel.y + padding;
  const right = panel.x + panel.width - padding;
  let left = panel.x + padding;
  if (face.guided !== undefined) {
    const side = viewSide(Object.keys(face.probabilities), style, text);
    drawView(context, face.guided, left, top, side);
    left += side + padding;
  }
  let baseline = top + 0.86 * text;
  drawText(context, labelOf(face), left, baseline, labelStyle(text));
  const columns = Object.keys(face.probabilities).length * 1.5 * COLUMN * text;
  if (style === 'compact' && face.guided === undefined) {
    drawColumns(context, face, { x: right - columns, y: top, width: columns, height: 0.86 * text });
  }
  const small = attributesText(face);
  if (small !== undefined) {
    baseline += LINE * text;
    drawText(context, small, left, baseline, smallStyle(text));
  }
  if (style === 'full') drawRows(context, face, { left, right, above: baseline + 0.4 * text }, text);
  else if (face.guided !== undefined) {
    const y = baseline + 0.7 * text;
    drawColumns(context, face, {
      x: left,
      y,
      width: right - left,
      height: panel.y + panel.height - padding - y,
    });
  }
}

/** A line with a name and a bar for each class. */
function drawRows(
  context: SKRSContext2D,
  face: PredictedFace,
  { left, right, above }: { readonly left: number; readonly right: number; readonly above: number },
  text: number,
): void {
  const classes = Object.keys(face.probabilities);
  const start = left + namesWidth(classes, text) + PADDING * text;
  const whole = right - start;
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

/** A column for each class. */
function drawColumns(context: SKRSContext2D, face: PredictedFace, { x, y, width, height }: Box): void {
  const entries = Object.entries(face.probabilities);
  const step = width / entries.length;
  for (const [index, [name, probability]] of entries.entries()) {
    const column = { x: x + (index + 1 / 6) * step, width: (2 / 3) * step };
    context.fillStyle = TRACK;
    context.fillRect(column.x, y, column.width, height);
    context.fillStyle = name === face.label ? BEST : OTHER;
    context.fillRect(column.x, y + height * (1 - probability), column.width, height * probability);
  }
}

/** Guided gradients as greys, as Arriaga et al. 2017 show them; what the network does not read is dark. */
function drawView(
  context: SKRSContext2D,
  { grid, read, frame }: GuidedView,
  x: number,
  y: number,
  side: number,
): void {
  const levels = contrastLevels(grid, read);
  const pixels = new Uint8ClampedArray(4 * levels.length).fill(255);
  for (const [pixel, level] of levels.entries()) {
    pixels.fill(read[pixel] > 0 ? level : UNREAD, 4 * pixel, 4 * pixel + 3);
  }
  const face = faceSquare(frame);
  const picture = canvasOf({ pixels, width: grid.size, height: grid.size });
  context.drawImage(picture, face.x, face.y, face.width, face.height, x, y, side, side);
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

function namesWidth(classes: readonly string[], text: number): number {
  return Math.max(...classes.map((name) => textWidth(name, smallStyle(text))));
}

function labelStyle(text: number) {
  return { size: text, color: TEXT, bold: true };
}

function smallStyle(text: number) {
  return { size: SMALL * text, color: FAINT };
}
