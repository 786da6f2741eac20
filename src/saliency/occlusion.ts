import { setImmediate } from 'node:timers/promises';
import { EvopatchError } from '../core/errors.ts';
import type { PatchGene } from '../genome/genome.ts';
import { canonicalPatches, type Rectangle, rectanglesOf } from '../genome/patches.ts';
import type { FaceGrid } from '../landmarks/frame-geometry.ts';
import { readPixels } from '../network/read-pixels.ts';
import { type ClassSums, classSums, type Scores, scoresOf } from './class-sums.ts';
import { type AskedFaces, meanLook, predictHidden, samplesFor } from './hidden-pixels.ts';

export interface OcclusionOptions extends AskedFaces {
  /**
   * The areas to hide one after the other: a square that slides over the frame, with its side and step in pixels, or each
   * of some patches, both halves of a mirrored pair at once. @defaultValue a square of 8 pixels in steps of 4
   */
  readonly hide?: HiddenSquare | { readonly patches: readonly PatchGene[] };
  /** Stops between two areas with an `ABORTED` error. */
  readonly signal?: AbortSignal;
  /** Called after each area with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

export interface HiddenSquare {
  readonly square: number;
  readonly step: number;
}

/** Says what hiding an area costs; values are negative if the network does better without it. */
export interface HidingCost {
  /** Accuracy on whole faces minus accuracy with the area hidden. */
  readonly accuracyLoss: number;
  /** Mean loss with the area hidden minus mean loss on whole faces, nats. */
  readonly lossRise: number;
}

/** Maps hiding costs: each pixel has the mean over the areas that cover it, or 0 if none does. */
export type OcclusionMaps = { readonly [Cost in keyof HidingCost]: FaceGrid };

export interface HiddenArea extends HidingCost {
  readonly rectangles: readonly Rectangle[];
  /** Costs on the samples of each class, in the order of the classes; 0 for a class without samples. */
  readonly perClass: readonly HidingCost[];
}

export interface Occlusion extends OcclusionMaps, Scores {
  readonly areas: readonly HiddenArea[];
  /** The same on the samples of each class; `accuracy` is the recall of the class there. */
  readonly perClass: readonly (OcclusionMaps & Scores & { readonly class: string })[];
}

const DEFAULT_SQUARE: HiddenSquare = { square: 8, step: 4 };

/**
 * Measures what a network loses when it cannot see a part of the face (occlusion sensitivity: Zeiler & Fergus 2014,
 * section 4.2). The mean of a pixel over the given faces replaces a hidden one, so it says nothing about the single face;
 * see `predictHidden`. Pixels that the network does not read are 0 in every map. If patches overlap, hiding one also
 * hides their common pixels from the other. A network that sees too little still answers with some class: faces of that
 * class lose little or gain, so compare the map of one class with those of the others.
 *
 * @throws EvopatchError `INVALID_DATA` if faces and network do not fit, `INVALID_OPTION` for an impossible square,
 * `ABORTED`.
 */
export async function occlusion(options: OcclusionOptions): Promise<Occlusion> {
  const { network, dataset, indices, hide = DEFAULT_SQUARE, signal, onProgress } = options;
  const samples = samplesFor(options);
  const { classes, frame } = dataset;
  const sumsOf = (probabilities: Float32Array) =>
    classSums(probabilities, samples.labels, indices, classes.length);
  const look = meanLook(network, samples, indices);
  const whole = sumsOf(network.predict(samples, indices));
  const read = readPixels(network.spec);
  const rectangles =
    'patches' in hide
      ? canonicalPatches(hide.patches).map((patch) => rectanglesOf(patch, frame))
      : squaresOf(hide, frame.size).map((square) => [square]);
  const areas: (HiddenArea & { readonly pixels: readonly number[] })[] = [];
  for (const [index, area] of rectangles.entries()) {
    await setImmediate();
    if (signal?.aborted) throw new EvopatchError('ABORTED', 'the occlusion was stopped', {}, signal.reason);
    const pixels = pixelsOf(area, frame.size).filter((pixel) => read[pixel] === 1);
    const hidden =
      pixels.length === 0 ? whole : sumsOf(predictHidden(network, samples, indices, pixels, look));
    const perClass = classes.map((_, label) => costOf(whole, hidden, label));
    areas.push({ rectangles: area, ...costOf(whole, hidden), perClass, pixels });
    onProgress?.((index + 1) / rectangles.length);
  }
  const mapsOf = (pick: (area: HiddenArea) => HidingCost): OcclusionMaps => ({
    accuracyLoss: meanOverAreas(areas, frame.size, (area) => pick(area).accuracyLoss),
    lossRise: meanOverAreas(areas, frame.size, (area) => pick(area).lossRise),
  });
  return {
    ...scoresOf(whole),
    ...mapsOf((area) => area),
    areas: areas.map(({ pixels: _, ...area }) => area),
    perClass: classes.map((name, label) => ({
      class: name,
      ...scoresOf(whole, label),
      ...mapsOf(({ perClass }) => perClass[label]),
    })),
  };
}

/** Lists the indices of the pixels under some rectangles, each once, in ascending order. */
export function pixelsOf(rectangles: readonly Rectangle[], size: number): number[] {
  const pixels = new Set<number>();
  for (const { x, y, width, height } of rectangles) {
    for (let row = Math.max(y, 0); row < Math.min(y + height, size); row++) {
      for (let column = Math.max(x, 0); column < Math.min(x + width, size); column++) {
        pixels.add(row * size + column);
      }
    }
  }
  return [...pixels].sort((a, b) => a - b);
}

/** Lays out squares in rows; the last square of each row and column ends at the frame's edge. */
function squaresOf({ square, step }: HiddenSquare, size: number): Rectangle[] {
  const check = (option: string, given: number) => {
    if (Number.isInteger(given) && given >= 1 && given <= size) return;
    const hint = `Give a whole number from 1 to ${size}`;
    throw new EvopatchError('INVALID_OPTION', 'no possible number of pixels', { option, given, hint });
  };
  check('square', square);
  check('step', step);
  const last = size - square;
  const starts = Array.from({ length: Math.ceil(last / step) + 1 }, (_, i) => Math.min(i * step, last));
  return starts.flatMap((y) => starts.map((x) => ({ x, y, width: square, height: square })));
}

function costOf(whole: ClassSums, hidden: ClassSums, label?: number): HidingCost {
  const before = scoresOf(whole, label);
  const after = scoresOf(hidden, label);
  return { accuracyLoss: before.accuracy - after.accuracy, lossRise: after.loss - before.loss };
}

function meanOverAreas<Area extends { readonly pixels: readonly number[] }>(
  areas: readonly Area[],
  size: number,
  cost: (area: Area) => number,
): FaceGrid {
  const sums = new Float64Array(size * size);
  const counts = new Uint32Array(size * size);
  for (const area of areas) {
    const value = cost(area);
    for (const pixel of area.pixels) {
      sums[pixel] += value;
      counts[pixel]++;
    }
  }
  return { size, values: sums.map((sum, pixel) => (counts[pixel] === 0 ? 0 : sum / counts[pixel])) };
}
