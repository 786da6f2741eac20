import { createCanvas, type SKRSContext2D } from 'canvas';
import { colorOf } from '../charts/palette.ts';
import { faceSquare, type Rectangle, rectanglesOf } from '../genome/patches.ts';
import type { PatchMapContent } from './content.ts';
import { drawFace } from './face-picture.ts';
import { patchCounts, readingShares } from './heat.ts';
import { drawLegend, LEGEND_WIDTH } from './legend.ts';
import { BADGE, drawBadge, drawCross, heatColor } from './marks.ts';

/** Around the face and the legend, frame pixels. */
const MARGIN = 2;

/** Draws a patch map: the face on the left, what it shows on the right. The bytes of a PNG. */
export function drawPatchMap(content: PatchMapContent, scale: number): Uint8Array {
  const view = faceSquare(content.frame);
  const width = MARGIN + view.width + MARGIN + LEGEND_WIDTH + MARGIN;
  const height = MARGIN + view.height + MARGIN;
  const canvas = createCanvas(width * scale, height * scale);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);

  context.save();
  context.translate(MARGIN * scale, MARGIN * scale);
  context.beginPath();
  context.rect(0, 0, view.width * scale, view.height * scale);
  context.clip();
  drawFace(context, content.face, content.frame, view, scale);
  if (content.genomes.length === 1) drawPatches(context, content, view, scale);
  else drawHeat(context, content, view, scale);
  const { noseX, noseY } = content.frame;
  drawCross(context, (noseX - view.x) * scale, (noseY - view.y) * scale, scale);
  context.restore();

  context.translate((MARGIN + view.width + MARGIN) * scale, MARGIN * scale);
  drawLegend(context, content, scale);
  return canvas.toBuffer('image/png');
}

/** One genome: what it does not read fades, each patch has its colour and number. */
function drawPatches(
  context: SKRSContext2D,
  { genomes: [genome], frame }: PatchMapContent,
  view: Rectangle,
  scale: number,
): void {
  for (const [pixel, count] of patchCounts(genome, frame).entries()) {
    const x = (pixel % frame.size) - view.x;
    const y = Math.floor(pixel / frame.size) - view.y;
    if (count > 0) continue;
    context.fillStyle = 'rgba(255, 255, 255, 0.62)';
    context.fillRect(x * scale, y * scale, scale, scale);
  }
  for (const [index, patch] of genome.patches.entries()) {
    const color = colorOf(index);
    for (const [half, rectangle] of rectanglesOf(patch, frame).entries()) {
      const x = (rectangle.x - view.x) * scale;
      const y = (rectangle.y - view.y) * scale;
      const line = 0.4 * scale;
      context.globalAlpha = 0.1;
      context.fillStyle = color;
      context.fillRect(x, y, rectangle.width * scale, rectangle.height * scale);
      context.globalAlpha = 1;
      context.strokeStyle = color;
      context.lineWidth = line;
      context.lineJoin = 'round';
      context.strokeRect(
        x + line / 2,
        y + line / 2,
        rectangle.width * scale - line,
        rectangle.height * scale - line,
      );
      const badge = half === 0 ? x : x + (rectangle.width - BADGE) * scale; // a pair looks like one in a mirror
      drawBadge(context, `${index + 1}`, color, badge, y, scale);
    }
  }
}

/** Several genomes: the more of them read a pixel, the brighter and the less transparent its colour. */
function drawHeat(
  context: SKRSContext2D,
  { genomes, weights, frame }: PatchMapContent,
  view: Rectangle,
  scale: number,
): void {
  const shares = readingShares(genomes, weights, frame);
  const most = Math.max(...shares);
  for (const [pixel, share] of shares.entries()) {
    if (share === 0) continue;
    const x = (pixel % frame.size) - view.x;
    const y = Math.floor(pixel / frame.size) - view.y;
    context.fillStyle = heatColor(share / most);
    context.fillRect(x * scale, y * scale, scale, scale);
  }
  const heaviest = Math.max(...weights);
  context.lineWidth = 0.12 * scale;
  for (const [index, genome] of genomes.entries()) {
    context.strokeStyle = `rgba(255, 255, 255, ${(0.45 * weights[index]) / heaviest})`;
    for (const { x, y, width, height } of genome.patches.flatMap((patch) => rectanglesOf(patch, frame))) {
      context.strokeRect((x - view.x) * scale, (y - view.y) * scale, width * scale, height * scale);
    }
  }
}
