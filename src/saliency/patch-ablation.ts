import { type PairedDifference, pairedDifference } from '../core/comparison.ts';
import type { Genome, PatchGene } from '../genome/genome.ts';
import { canonicalPatches, type Rectangle, rectanglesOf } from '../genome/patches.ts';
import { classSums, type Scores, scoresOf } from './class-sums.ts';
import { type AskedFaces, meanLook, predictHidden, samplesFor } from './hidden-pixels.ts';
import { pixelsOf } from './occlusion.ts';

export interface PatchAblationOptions extends AskedFaces {
  /** The genome that the network was made from. */
  readonly genome: Pick<Genome, 'patches'>;
}

/** Scores a network with some of its patches hidden. */
export interface Ablation extends Scores {
  /** Accuracy minus the accuracy with all patches: negative if the hidden ones help. */
  readonly difference: PairedDifference;
}

export interface PatchAblation {
  /** Scores with every patch visible. */
  readonly whole: Scores;
  /** Scores without each patch, in canonical order; both halves of a mirrored pair are hidden. */
  readonly without: readonly (Ablation & {
    readonly patch: PatchGene;
    readonly rectangles: readonly Rectangle[];
    /** Number of pixels that only this patch reads. */
    readonly ownPixels: number;
  })[];
  /** Scores with all patches hidden, when the network sees the mean face every time. */
  readonly none: Ablation;
}

/**
 * Measures what each patch of a genome contributes: accuracy and loss of the trained network when the means over the
 * given faces replace the patch's pixels (see `predictHidden`). The network is not trained again, so this measures what
 * it uses, not what a network trained without the patch could reach. If patches overlap, the others lose the common
 * pixels too.
 *
 * @throws EvopatchError `INVALID_DATA` if faces and network do not fit.
 */
export function patchAblation(options: PatchAblationOptions): PatchAblation {
  const { network, dataset, indices, genome } = options;
  const samples = samplesFor(options);
  const { size } = dataset.frame;
  const look = meanLook(network, samples, indices);
  const labels = Uint8Array.from(indices, (sample) => samples.labels[sample]);
  const sumsOf = (probabilities: Float32Array) =>
    classSums(probabilities, samples.labels, indices, samples.classes);
  const whole = sumsOf(network.predict(samples, indices));
  const hide = (rectangles: readonly Rectangle[]): Ablation => {
    const hidden = sumsOf(predictHidden(network, samples, indices, pixelsOf(rectangles, size), look));
    const difference = pairedDifference(hidden.predictions, whole.predictions, labels);
    return { ...scoresOf(hidden), difference };
  };
  const patches = canonicalPatches(genome.patches);
  const areas = patches.map((patch) => rectanglesOf(patch, dataset.frame));
  return {
    whole: scoresOf(whole),
    without: patches.map((patch, index) => {
      const rectangles = areas[index];
      const others = new Set(pixelsOf(areas.toSpliced(index, 1).flat(), size));
      const ownPixels = pixelsOf(rectangles, size).filter((pixel) => !others.has(pixel)).length;
      return { patch, rectangles, ownPixels, ...hide(rectangles) };
    }),
    none: hide(areas.flat()),
  };
}
