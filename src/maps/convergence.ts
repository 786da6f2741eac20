import { type AnimationFrame, encodeApng } from '../charts/apng.ts';
import { encodeGif } from '../charts/encode-animation.ts';
import { csvLine } from '../core/csv-line.ts';
import { EvopatchError } from '../core/errors.ts';
import { canonicalGenome } from '../genome/canonical.ts';
import type { FaceGrid } from '../landmarks/frame-geometry.ts';
import { type Agreement, agreementOf, rankMap } from './agreement.ts';
import type { WeightedGenomes } from './consistency.ts';
import type { MapLook, PatchMapContent } from './content.ts';
import { sheetDrawing } from './convergence-sheet.ts';
import { drawAsSvg, drawOnCanvas, legendHeight, type MapDrawing, patchMapDrawing } from './draw-patch-map.ts';
import { readingShares } from './heat.ts';
import { checkLook } from './look.ts';
import { gridRows } from './map-data.ts';
import { jsonLine, saverOf } from './map-file.ts';

/** Holds the genomes of one generation. */
export interface GenerationGenomes extends WeightedGenomes {
  /** Its number, from 0. */
  readonly generation: number;
}

export interface ConvergenceOptions extends Omit<PatchMapContent, 'genomes' | 'weights' | 'notes'> {
  /** One or more generations in order, for instance the front after each generation of a run. */
  readonly generations: readonly GenerationGenomes[];
}

/** Compares the map of one generation with the last one and with the one before. */
export interface ConvergenceStep {
  /** From 0; pictures count from 1. */
  readonly generation: number;
  readonly genomes: number;
  /** The weighted share of the genomes that read each pixel, 0 to 1. */
  readonly grid: FaceGrid;
  readonly withLast: Agreement;
  /** `null` for the first generation. */
  readonly withBefore: Agreement | null;
}

/** Shows how the map of a run's front converges over its generations, as numbers and as pictures made from them. */
export interface Convergence {
  readonly steps: readonly ConvergenceStep[];
  /** The generation, from 0, since which the overlap with the last map stays at 0.9 or above. */
  readonly convergedAt: number;
  toJson(): ConvergenceJson;
  /** One line per generation: how much its map agrees with the last one and with the one before. */
  toCsv(): string;
  /**
   * The bytes of an animated PNG that pauses on its last picture; its scale is 8 unless `look` sets one.
   *
   * @throws EvopatchError `INVALID_OPTION`
   */
  toApng(look?: MapLook): Uint8Array;
  /** The animation as a GIF: fewer colours, but every presentation program plays it. @throws EvopatchError `INVALID_OPTION` */
  toGif(look?: MapLook): Promise<Uint8Array>;
  /**
   * The bytes of a PNG for print, with up to eight of the maps side by side, the first and the last among them. It
   * refuses photos and overlays.
   *
   * @throws EvopatchError `INVALID_OPTION`
   */
  toPng(look?: MapLook): Uint8Array;
  /** The sheet of `toPng` as vectors. @throws EvopatchError `INVALID_OPTION` */
  toSvg(look?: MapLook): string;
  /** The pictures of the animation, each the bytes of a PNG. @throws EvopatchError `INVALID_OPTION` */
  toPngs(look?: MapLook): Uint8Array[];
  /**
   * Writes a file in the format that its name ends in: `.apng`, `.gif`, `.png`, `.svg`, `.csv` or `.json`.
   *
   * @throws EvopatchError `INVALID_OPTION` for another ending, `FILE_SYSTEM`
   */
  save(file: string, look?: MapLook): Promise<void>;
}

export interface ConvergenceJson {
  readonly format: 1;
  readonly convergedAt: number;
  readonly generations: readonly (Omit<ConvergenceStep, 'grid'> & {
    readonly grid: { readonly unit: 'share of networks'; readonly rows: readonly (readonly number[])[] };
  })[];
}

/** All pictures show shares of the genomes on one colour scale, even if there is only one genome. */
const COMMON = { unit: 'share of networks', top: 1 } as const;
/** Smaller than the scale of a single picture, because an animation holds many. */
const ANIMATION_SCALE = 8;
const SHEET_TITLE = 'How attention converges';
/** A map counts as converged from this overlap with the last map. */
const CONVERGED_OVERLAP = 0.9;
const CONVERGENCE_COLUMNS = [
  'generation',
  'genomes',
  'spearmanWithLast',
  'overlapWithLast',
  'spearmanWithBefore',
  'overlapWithBefore',
];
/** Durations of an animation, of each picture at least and at most, and of the last one, milliseconds. */
const DURATION = 8000;
const MIN_PICTURE = 150;
const MAX_PICTURE = 900;
const LAST_PICTURE = 3000;

/**
 * Compares the maps of a run's generations with the last one.
 *
 * @throws EvopatchError `INVALID_OPTION` if there is no generation, or one without genomes.
 */
export function convergenceOf(options: ConvergenceOptions): Convergence {
  const { frame } = options;
  const generations = options.generations.map(({ generation, genomes, weights }) => ({
    generation,
    genomes: genomes.map(canonicalGenome),
    weights: weights ?? genomes.map(() => 1),
  }));
  if (generations.length === 0 || generations.some(({ genomes }) => genomes.length === 0)) {
    const problem = 'there must be at least one generation, and a genome in each';
    throw new EvopatchError('INVALID_OPTION', problem, { option: 'generations', given: generations.length });
  }
  const grids = generations.map(({ genomes, weights }) => {
    return { size: frame.size, values: readingShares(genomes, weights, frame) };
  });
  const maps = grids.map((grid) => rankMap(grid, frame));
  const last = maps[maps.length - 1];
  const steps = generations.map(
    ({ generation, genomes }, index): ConvergenceStep => ({
      generation,
      genomes: genomes.length,
      grid: grids[index],
      withLast: agreementOf(maps[index], last),
      withBefore: index === 0 ? null : agreementOf(maps[index], maps[index - 1]),
    }),
  );
  const lastApart = steps.findLastIndex(({ withLast }) => withLast.overlap < CONVERGED_OVERLAP);
  const convergedAt = steps[lastApart + 1].generation;

  const { generation: end } = steps[steps.length - 1];
  const contents = steps.map((step, index) => contentOf(options, generations[index], step, end));
  const toPngs = (look: MapLook = {}) => drawAlike(contents, look);
  const toApng = (look?: MapLook) => encodeApng(withTimes(toPngs(look)));
  const toGif = async (look?: MapLook) => encodeGif(withTimes(toPngs(look)));
  const toPng = (look: MapLook = {}) => drawOnCanvas(sheetOf(contents, steps, look)).toPng();
  const toSvg = (look: MapLook = {}) => drawAsSvg(sheetOf(contents, steps, look), SHEET_TITLE);
  const toCsv = () => convergenceToCsv(steps);
  const toJson = () => convergenceToJson(steps, convergedAt);
  return {
    steps,
    convergedAt,
    toJson,
    toCsv,
    toApng,
    toGif,
    toPng,
    toSvg,
    toPngs,
    save: saverOf({
      apng: toApng,
      gif: toGif,
      png: toPng,
      svg: toSvg,
      csv: toCsv,
      json: () => jsonLine(toJson()),
    }),
  };
}

function contentOf(
  { generations: _, ...below }: ConvergenceOptions,
  { genomes, weights }: Required<WeightedGenomes>,
  { generation, withLast }: ConvergenceStep,
  last: number,
): PatchMapContent {
  const networks = genomes.length === 1 ? '1 network' : `${genomes.length} networks`;
  return {
    ...below,
    genomes,
    weights,
    title: `Generation ${generation + 1} of ${last + 1}`,
    notes: [`${networks}, ${Math.round(100 * withLast.overlap)} % overlap with the last map.`],
  };
}

function sheetOf(
  contents: readonly PatchMapContent[],
  steps: readonly ConvergenceStep[],
  given: MapLook,
): MapDrawing {
  const look = { style: 'heat', ...checkLook(given, contents[0]) } as const;
  for (const [option, refused] of Object.entries({ photo: contents[0].photo, overlay: look.overlay })) {
    if (refused === undefined || refused === false) continue;
    const hint = 'An animation (.apng) can have it';
    throw new EvopatchError('INVALID_OPTION', 'maps side by side are drawn on mean faces', { option, hint });
  }
  const maps = steps.map(({ generation, withLast }, index) => ({
    content: contents[index],
    caption: `Generation ${generation + 1}: ${Math.round(100 * withLast.overlap)} % overlap with the last map`,
  }));
  return sheetDrawing(maps, { title: SHEET_TITLE, notes: [] }, look, COMMON);
}

/** Draws pictures of one size with one colour scale. */
function drawAlike(contents: readonly PatchMapContent[], given: MapLook): Uint8Array[] {
  const smaller = contents[0].photo === undefined ? { scale: ANIMATION_SCALE } : {};
  const look = { style: 'heat', ...smaller, ...checkLook(given, contents[0]) } as const;
  const heights = contents.map((content) => legendHeight(content, look, COMMON));
  const all = { ...COMMON, legendHeight: Math.max(...heights) };
  return contents.map((content) => drawOnCanvas(patchMapDrawing(content, look, all)).toPng());
}

function withTimes(pngs: readonly Uint8Array[]): AnimationFrame[] {
  const each = Math.min(Math.max(DURATION / pngs.length, MIN_PICTURE), MAX_PICTURE);
  return pngs.map((png, index) => ({ png, milliseconds: index === pngs.length - 1 ? LAST_PICTURE : each }));
}

function convergenceToCsv(steps: readonly ConvergenceStep[]): string {
  const lines = steps.map(({ generation, genomes, withLast, withBefore }) =>
    csvLine([
      generation,
      genomes,
      withLast.spearman ?? '',
      withLast.overlap,
      withBefore?.spearman ?? '',
      withBefore?.overlap ?? '',
    ]),
  );
  return [csvLine(CONVERGENCE_COLUMNS), ...lines].join('');
}

function convergenceToJson(steps: readonly ConvergenceStep[], convergedAt: number): ConvergenceJson {
  return {
    format: 1,
    convergedAt,
    generations: steps.map(({ grid, ...step }) => {
      return { ...step, grid: { unit: 'share of networks', rows: gridRows(grid) } };
    }),
  };
}
