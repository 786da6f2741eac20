import type { SKRSContext2D } from 'canvas';
import { colorOf, FAINT, INK } from '../charts/palette.ts';
import { drawText, type TextStyle, wrapText } from '../charts/text.ts';
import { summarizeNetwork, summarizePatch } from '../genome/canonical.ts';
import { faceSquare } from '../genome/patches.ts';
import type { PatchMapContent } from './content.ts';
import { patchCounts, readingShares } from './heat.ts';
import { drawBadge, drawCross, heatColor } from './marks.ts';

/** Width of the legend, frame pixels, as all lengths here: everything grows with the scale. */
export const LEGEND_WIDTH = 27;
const TITLE_SIZE = 1.9;
const TEXT_SIZE = 1.35;
const LINE = 2;
const BAR = { width: 2.4, height: 20 };

/** Says what a picture shows, below the origin of the context. */
export function drawLegend(context: SKRSContext2D, content: PatchMapContent, scale: number): void {
  if (content.genomes.length === 1) describePatches(context, content, scale);
  else describeHeat(context, content, scale);
}

function describePatches(context: SKRSContext2D, content: PatchMapContent, scale: number): void {
  const [genome] = content.genomes;
  const count = genome.patches.length;
  const write = new Column(context, scale);
  write.title(content.title ?? (count === 1 ? 'One patch' : `${count} patches`));
  write.paragraph(summarizeNetwork(genome.network), FAINT);
  write.gap();
  for (const [index, patch] of genome.patches.entries()) {
    drawBadge(context, `${index + 1}`, colorOf(index), 0, write.y - 1.6 * scale, scale);
    write.line(summarizePatch(patch), INK, 3.2);
    write.space(0.7);
  }
  write.gap();
  const covered = patchCounts(genome, content.frame).reduce((sum, number) => sum + Math.min(number, 1), 0);
  const face = faceSquare(content.frame);
  const share = Math.round((100 * covered) / (face.width * face.height));
  write.paragraph(`${covered} pixels read, ${share} % of the face.`, INK);
  write.gap();
  describeUnits(context, write, scale);
  write.paragraph('Patches: width×height and centre (right of the nose, below it) in frame pixels.', FAINT);
}

function describeHeat(context: SKRSContext2D, content: PatchMapContent, scale: number): void {
  const { genomes, weights, frame } = content;
  const write = new Column(context, scale);
  write.title(content.title ?? `Where ${genomes.length} networks look`);
  const equal = weights.every((weight) => weight === weights[0]);
  write.paragraph(`Share of the networks that read a pixel${equal ? '' : ', weighted by rank'}.`, FAINT);
  write.gap();
  const most = Math.max(...readingShares(genomes, weights, frame));
  const top = write.y - LINE * 0.5 * scale;
  const bar = { width: BAR.width * scale, height: BAR.height * scale };
  for (let row = 0; row < bar.height; row++) {
    const share = 1 - row / (bar.height - 1);
    context.fillStyle = '#8a8a8a'; // the grey of a face below it
    context.fillRect(0, top + row, bar.width, 1);
    context.fillStyle = heatColor(share);
    context.fillRect(0, top + row, bar.width, 1);
  }
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const y = top + (1 - part) * bar.height;
    context.fillStyle = INK;
    context.fillRect(bar.width, y - 0.08 * scale, 0.6 * scale, 0.16 * scale);
    const style = { size: TEXT_SIZE * scale, color: INK };
    drawText(context, `${Math.round(100 * most * part)} %`, bar.width + 1.2 * scale, y + 0.48 * scale, style);
  }
  write.space(BAR.height + 2 * LINE);
  describeUnits(context, write, scale);
}

/** What the cross is, and how long ten pixels of the frame are. */
function describeUnits(context: SKRSContext2D, write: Column, scale: number): void {
  drawCross(context, 1.1 * scale, write.y - 0.5 * scale, scale);
  write.line('the nose', FAINT, 3.2);
  write.space(0.6);
  context.strokeStyle = INK;
  context.lineWidth = 0.2 * scale;
  context.beginPath();
  context.moveTo(0, write.y - 1.1 * scale);
  context.lineTo(0, write.y - 0.5 * scale);
  context.lineTo(10 * scale, write.y - 0.5 * scale);
  context.lineTo(10 * scale, write.y - 1.1 * scale);
  context.stroke();
  write.line('10 frame pixels', FAINT, 11.2);
  write.gap();
}

/** Writes lines below one another. */
class Column {
  readonly #context: SKRSContext2D;
  readonly #scale: number;
  /** Baseline of the next line. */
  y: number;

  constructor(context: SKRSContext2D, scale: number) {
    this.#context = context;
    this.#scale = scale;
    this.y = TITLE_SIZE * 0.8 * scale;
  }

  title(text: string): void {
    this.#wrapped(text, { size: TITLE_SIZE * this.#scale, color: INK, bold: true }, 1.2 * LINE);
    this.space(0.2);
  }

  paragraph(text: string, color: string): void {
    this.#wrapped(text, { size: TEXT_SIZE * this.#scale, color }, LINE);
  }

  line(text: string, color: string, indent: number): void {
    const style = { size: TEXT_SIZE * this.#scale, color };
    drawText(this.#context, text, indent * this.#scale, this.y, style);
    this.space(LINE);
  }

  gap(): void {
    this.space(LINE * 0.6);
  }

  space(length: number): void {
    this.y += length * this.#scale;
  }

  #wrapped(text: string, style: TextStyle, spacing: number): void {
    for (const line of wrapText(this.#context, text, LEGEND_WIDTH * this.#scale, style)) {
      drawText(this.#context, line, 0, this.y, style);
      this.space(spacing);
    }
  }
}
