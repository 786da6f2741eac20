import { setImmediate } from 'node:timers/promises';
import { EvopatchError } from '../core/errors.ts';
import type { PatchGene } from '../genome/genome.ts';
import { canonicalPatches, type Rectangle, rectanglesOf } from '../genome/patches.ts';
import type { FaceGrid } from '../landmarks/face-grid.ts';
import { readPixels } from '../network/read-pixels.ts';
import { type ClassSums, classSums, type Scores, scoresOf } from './class-sums.ts';
import { type AskedFaces, meanLook, predictHidden, samplesFor } from './hidden-pixels.ts';

export interface OcclusionOptions extends AskedFaces {
  /**
   * What is hidden, one area after the other: a square that slides over the frame, its side and step in pixels, or each
   * of some patches, a mirrored pair at once. @defaultValue a square of 8 pixels in steps of 4
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

/** What hiding an area costs. Negative where the network does better without it. */
export interface HidingCost {
  /** Accuracy of the whole faces − accuracy with the area hidden. */
  readonly accuracyLoss: number;
  /** Mean loss with the area hidden − that of the whole faces, nats. */
  readonly lossRise: number;
}

/** Hiding costs as maps: each pixel has the mean over the areas that cover it, and 0 where none does. */
export type OcclusionMaps = { readonly [Cost in keyof HidingCost]: FaceGrid };

export interface HiddenArea extends HidingCost {
  readonly rectangles: readonly Rectangle[];
  /** On the samples of each class alone, in the order of the classes; 0 on a class without samples. */
  readonly perClass: readonly HidingCost[];
}

export interface Occlusion extends OcclusionMaps, Scores {
  readonly areas: readonly HiddenArea[];
  /** On the samples of each class alone: what their recall and their loss lose. */
  readonly perClass: readonly (OcclusionMaps & Scores & { readonly class: string })[];
}

const DEFAULT_SQUARE: HiddenSquare = { square: 8, step: 4 };

/**
 * What a network loses when it cannot see a part of the face (occlusion sensitivity: Zeiler & Fergus 2014, section 4.2).
 * A hidden pixel is replaced by its mean look over the given faces, which says nothing about the single face; see
 * `predictHidden`. Pixels that the network does not read are 0 in every map. Where patches overlap, hiding one also
 * hides what another reads there. A network that sees too little answers with some class all the same: faces of that
 * class lose least or gain, so the map of one class is to be read beside those of the others.
 *
 * @throws EvopatchError `INVALID_DATA` where faces and network do not fit, `INVALID_OPTION` for an impossible square,
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

/** Numbers of the pixels under some rectangles, each once, ascending. */
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

/** Squares in rows; the last ones of a row and column end at the frame's edge. */
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
