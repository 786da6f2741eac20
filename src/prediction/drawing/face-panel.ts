import { cornersOf, type Paint, type Surface } from '../../charts/surface.ts';
import { textWidth } from '../../charts/text.ts';
import { faceSquare } from '../../genome/patches.ts';
import type { Box } from '../../landmarks/landmark-detector.ts';
import { contrastLevels } from '../../maps/saliency-cells.ts';
import type { GuidedView, PredictedFace } from '../prediction.ts';
import type { Size } from './place-panels.ts';

/** `full` has a row with name and bar for each class; `compact` has bars alone, in the model's order, after the label. */
export type PanelStyle = 'full' | 'compact';

const PAPER = { fill: '#121214', fillOpacity: 0.84 } as const;
const TEXT = '#ffffff';
const FAINT = '#b9b9be';
const TRACK = { fill: '#ffffff', fillOpacity: 0.16 } as const;
const BEST = '#ffb000';
const OTHER = '#d8d8dc';

// Lengths in heights of the label's text.
const PADDING = 0.5;
const SMALL = 0.72;
const LINE = 0.98;
const BAR_WIDTH = 3.4;
const COLUMN = 0.2;
/** Minimum side of the guided view. */
const MIN_VIEW = 4.6;
const UNREAD = 48;

/** Measures the panel of a face, for labels of `text` pixels. */
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

/** Measures the side of the guided view: as high as all rows of a full panel except the attributes. */
function viewSide(classes: readonly string[], style: PanelStyle, text: number): number {
  return (style === 'full' ? Math.max(1.4 + classes.length * LINE, MIN_VIEW) : MIN_VIEW) * text;
}

function withView(view: number, { width, height }: Size, text: number): Size {
  if (view === 0) return { width, height };
  return { width: width + view + PADDING * text, height: Math.max(height, view + 2 * PADDING * text) };
}

/** Draws the panel with the prediction of a face. */
export function drawFacePanel(
  surface: Surface,
  face: PredictedFace,
  panel: Box,
  style: PanelStyle,
  text: number,
): void {
  surface.rounded(panel, 0.4 * text, PAPER);
  const padding = PADDING * text;
  const top = panel.y + padding;
  const right = panel.x + panel.width - padding;
  let left = panel.x + padding;
  if (face.guided !== undefined) {
    const side = viewSide(Object.keys(face.probabilities), style, text);
    drawView(surface, face.guided, { x: left, y: top, width: side, height: side });
    left += side + padding;
  }
  let baseline = top + 0.86 * text;
  surface.text(labelOf(face), left, baseline, labelStyle(text));
  const columns = Object.keys(face.probabilities).length * 1.5 * COLUMN * text;
  if (style === 'compact' && face.guided === undefined) {
    drawColumns(surface, face, { x: right - columns, y: top, width: columns, height: 0.86 * text });
  }
  const small = attributesText(face);
  if (small !== undefined) {
    baseline += LINE * text;
    surface.text(small, left, baseline, smallStyle(text));
  }
  if (style === 'full') drawRows(surface, face, { left, right, above: baseline + 0.4 * text }, text);
  else if (face.guided !== undefined) {
    const y = baseline + 0.7 * text;
    const height = panel.y + panel.height - padding - y;
    drawColumns(surface, face, { x: left, y, width: right - left, height });
  }
}

/** Draws a row with a name and a bar for each class. */
function drawRows(
  surface: Surface,
  face: PredictedFace,
  { left, right, above }: { readonly left: number; readonly right: number; readonly above: number },
  text: number,
): void {
  const classes = Object.keys(face.probabilities);
  const start = left + namesWidth(classes, text) + PADDING * text;
  for (const [index, name] of classes.entries()) {
    const baseline = above + (index + 1) * LINE * text;
    const best = name === face.label;
    surface.text(name, left, baseline, { ...smallStyle(text), color: best ? TEXT : FAINT });
    const bar = { x: start, y: baseline - 0.46 * text, height: 0.4 * text };
    const drawBar = (share: number, paint: Paint) => {
      const width = share * (right - start);
      if (width >= 0.5) surface.rounded({ ...bar, width }, Math.min(width, bar.height) / 2, paint);
    };
    drawBar(1, TRACK);
    drawBar(face.probabilities[name], { fill: best ? BEST : OTHER });
  }
}

/** Draws a column for each class. */
function drawColumns(surface: Surface, face: PredictedFace, { x, y, width, height }: Box): void {
  const entries = Object.entries(face.probabilities);
  const step = width / entries.length;
  for (const [index, [name, probability]] of entries.entries()) {
    const column = { x: x + (index + 1 / 6) * step, y, width: (2 / 3) * step, height };
    surface.shape(cornersOf(column), TRACK);
    const bar = { ...column, y: y + height * (1 - probability), height: height * probability };
    surface.shape(cornersOf(bar), { fill: name === face.label ? BEST : OTHER });
  }
}

/** Draws guided gradients as greys, as Arriaga et al. 2017 do; pixels that the network does not read are dark. */
function drawView(surface: Surface, { grid, read, frame }: GuidedView, square: Box): void {
  const levels = contrastLevels(grid, read);
  const pixels = new Uint8ClampedArray(4 * levels.length).fill(255);
  for (const [pixel, level] of levels.entries()) {
    pixels.fill(read[pixel] > 0 ? level : UNREAD, 4 * pixel, 4 * pixel + 3);
  }
  const face = faceSquare(frame);
  const a = square.width / face.width;
  const placement = { a, b: 0, tx: square.x - a * face.x, ty: square.y - a * face.y };
  surface.clipped(square, () => surface.picture({ pixels, width: grid.size, height: grid.size }, placement));
}

function labelOf({ label, probability }: PredictedFace): string {
  return `${label} ${Math.round(100 * probability)} %`;
}

/** Formats the second model's label, gender and age, if known. */
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
