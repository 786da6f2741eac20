import { colorOf, FAINT, INK } from '../charts/colors.ts';
import type { Surface } from '../charts/surface.ts';
import { genomeParts } from '../genome/patch-parts.ts';
import { summarizeNetwork, summarizePatch } from '../genome/summarize.ts';
import type { MapColors, MapStyle, PatchMapContent } from './content.ts';
import { Column } from './legend-column.ts';
import type { MapData } from './map-data.ts';
import { heatTint, outlineColor } from './marks.ts';

/** The legend lists this many patches; more would not fit beside the face. */
const MAX_NAMED = 12;

/** Holds what a legend explains. */
export interface Legend {
  readonly content: PatchMapContent;
  readonly data: MapData;
  readonly style: MapStyle;
  readonly colors: MapColors;
  /** The value that the end of the colour scale stands for. */
  readonly top: number;
}

/** Writes the legend with its upper left corner at x, y, and returns its height; without a surface it only measures. */
export function drawLegend(surface: Surface | undefined, legend: Legend, x: number, y: number): number {
  const { content, data, style } = legend;
  const { genomes, title, notes = [] } = content;
  const write = new Column(surface, x, y);
  const single = data.unit === 'patches';
  write.title(
    title ?? (single ? countOf(genomes[0].patches.length) : `Where ${genomes.length} networks look`),
  );
  if (single) write.paragraph(summarizeNetwork(genomes[0].network), FAINT);
  if (style === 'heat') {
    write.paragraph(
      single
        ? 'Patches that read a pixel.'
        : `Share of the networks that read a pixel${describeWeighting(content)}.`,
      FAINT,
    );
    write.gap();
    describeHeat(write, legend);
  } else if (single) {
    write.gap();
    describePatches(write, content);
  } else {
    write.paragraph('Each rectangle is a patch of one of them.', FAINT);
    write.gap();
    describeOutlines(write, legend);
  }
  if (single) {
    write.paragraph(`Reads ${genomeParts(genomes[0], content.frame)}.`, INK);
    write.paragraph(`${data.pixels} pixels read, ${Math.round(100 * data.faceShare)} % of the face.`, INK);
    write.gap();
  }
  for (const note of notes) {
    write.paragraph(note, INK);
    write.gap();
  }
  describeUnits(write, content.photo === undefined);
  if (single && style === 'outlines') {
    write.paragraph('Patches: width×height and centre (right of the nose, below it) in frame pixels.', FAINT);
  }
  return write.height;
}

function countOf(patches: number): string {
  return patches === 1 ? 'One patch' : `${patches} patches`;
}

function describeWeighting({ weights, weighting }: PatchMapContent): string {
  if (weights.every((weight) => weight === weights[0])) return '';
  return weighting === undefined || weighting === 'count' ? ', weighted' : `, weighted by ${weighting}`;
}

function describePatches(write: Column, { genomes: [{ patches }] }: PatchMapContent): void {
  for (const [index, patch] of patches.slice(0, MAX_NAMED).entries()) {
    write.badge(`${index + 1}`, colorOf(index));
    write.line(summarizePatch(patch), INK, 3.2);
    write.space(0.7);
  }
  if (patches.length > MAX_NAMED) write.line(`and ${patches.length - MAX_NAMED} more`, FAINT, 3.2);
  write.gap();
}

function describeHeat(write: Column, { data, colors, top }: Legend): void {
  const ticks =
    data.unit === 'patches'
      ? Array.from({ length: top + 1 }, (_, count) => ({ part: count / top, label: `${count}` }))
      : [0, 0.25, 0.5, 0.75, 1].map((part) => ({ part, label: `${Math.round(100 * top * part)} %` }));
  write.bar((share) => heatTint(share, colors), ticks);
}

function describeOutlines(write: Column, legend: Legend): void {
  const { content, colors } = legend;
  const { weights } = content;
  if (describeWeighting(content) === '') return;
  write.line(
    `Weight${content.weighting === undefined ? '' : ` by ${content.weighting}`}, of the heaviest:`,
    FAINT,
    0,
  );
  write.space(0.6);
  const ticks = [0, 0.5, 1].map((part) => ({ part, label: `${Math.round(100 * part)} %` }));
  if (weights.length > 1) write.bar((share) => ({ color: outlineColor(share, colors), opacity: 1 }), ticks);
}

/** Explains the cross, and shows the length of ten frame pixels if these are as large as a unit. */
function describeUnits(write: Column, sameUnit: boolean): void {
  write.cross();
  write.line('the nose', FAINT, 3.2);
  if (sameUnit) {
    write.space(0.6);
    write.ruler(10);
    write.line('10 frame pixels', FAINT, 11.2);
  }
  write.gap();
}
