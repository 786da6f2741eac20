import { type PairedDifference, pairedDifference } from '../core/comparison.ts';
import type { Genome, PatchGene } from '../genome/genome.ts';
import { canonicalPatches, type Rectangle, rectanglesOf } from '../genome/patches.ts';
import { classSums, type Scores, scoresOf } from './class-sums.ts';
import { type AskedFaces, meanLook, predictHidden, samplesFor } from './hidden-pixels.ts';
import { pixelsOf } from './occlusion.ts';

export interface PatchAblationOptions extends AskedFaces {
  /** What the network was made from. */
  readonly genome: Pick<Genome, 'patches'>;
}

/** A network with some of its patches hidden. */
export interface Ablation extends Scores {
  /** How much more accurate it is than with all patches: negative where they are missed. */
  readonly difference: PairedDifference;
}

export interface PatchAblation {
  /** With every patch. */
  readonly whole: Scores;
  /** Without one patch, in canonical order; of a mirrored pair both are hidden. */
  readonly without: readonly (Ablation & {
    readonly patch: PatchGene;
    readonly rectangles: readonly Rectangle[];
    /** Pixels that this patch reads and no other one does. */
    readonly ownPixels: number;
  })[];
  /** With all of them hidden: what is left to a network that is shown the mean face every time. */
  readonly none: Ablation;
}

/**
 * What each patch of a genome is worth: accuracy and loss of the trained network when the patch's pixels are replaced by
 * their mean look over the given faces (see `predictHidden`). The network is not trained again, so this is what it
 * uses, not what could be had without the patch. Where patches overlap, the others lose the common pixels too.
 *
 * @throws EvopatchError `INVALID_DATA` where faces and network do not fit.
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
