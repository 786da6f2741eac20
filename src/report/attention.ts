import { type Dataset, indicesOf } from '../data/dataset.ts';
import type { Genome } from '../genome/genome.ts';
import { summarizePatch } from '../genome/summarize.ts';
import { faceRegions } from '../landmarks/face-regions.ts';
import type { Network } from '../nn/network.ts';
import { classSaliency } from '../saliency/class-saliency.ts';
import { checkHumanFindings } from '../saliency/human-findings.ts';
import { occlusion } from '../saliency/occlusion.ts';
import { patchAblation } from '../saliency/patch-ablation.ts';
import { regionShares } from '../saliency/region-shares.ts';
import type { ClassGradients, RunAttention } from './report-data.ts';

/** Faces of each class that the square slides over: enough for a mean, few enough for a report in seconds. */
const FACES_PER_CLASS = 32;
/** Gradients take a tenth of the time. */
const GRADIENT_FACES_PER_CLASS = 64;
export const HIDE = { square: 8, step: 4 } as const;

/**
 * Measures what the chosen network uses of the validation faces: the rise of the loss where a sliding square hides pixels, by
 * class and by part of the face; its guided gradients; and its accuracy without each of its patches.
 */
export async function runAttention(
  network: Network,
  genome: Genome,
  dataset: Dataset,
  signal?: AbortSignal,
): Promise<RunAttention> {
  const validation = indicesOf(dataset, 'validation');
  const few = firstOfEachClass(dataset, validation, FACES_PER_CLASS);
  const regions = faceRegions(dataset.frame);
  const occluded = await occlusion({ network, dataset, indices: few, hide: HIDE, signal });
  const perClass = occluded.perClass.map(({ class: name, samples, lossRise }) => ({
    class: name,
    samples,
    grid: Array.from(lossRise.values),
    shares: samples === 0 ? null : regionShares(lossRise, regions),
  }));
  const ablation = patchAblation({ network, dataset, indices: validation, genome });
  return {
    faces: few.length,
    ...HIDE,
    grid: Array.from(occluded.lossRise.values),
    shares: regionShares(occluded.lossRise, regions),
    perClass,
    gradients: await classGradients(network, dataset, validation, signal),
    findings: checkHumanFindings(perClass),
    ablation: {
      samples: ablation.whole.samples,
      whole: ablation.whole.accuracy,
      without: ablation.without.map(({ patch, ownPixels, accuracy, difference }) => ({
        patch: summarizePatch(patch),
        ownPixels,
        accuracy,
        difference,
      })),
      none: { accuracy: ablation.none.accuracy, difference: ablation.none.difference },
    },
  };
}

async function classGradients(
  network: Network,
  dataset: Dataset,
  validation: Uint32Array,
  signal?: AbortSignal,
): Promise<ClassGradients> {
  const indices = firstOfEachClass(dataset, validation, GRADIENT_FACES_PER_CLASS);
  const options = { network, dataset, indices, signal, method: 'guided', explained: 'true' } as const;
  const { grid, perClass } = await classSaliency(options);
  return {
    faces: indices.length,
    grid: Array.from(grid.values),
    perClass: perClass.map((one) => ({ ...one, grid: Array.from(one.grid.values) })),
  };
}

/** Picks the first `maximum` of the given faces of each class, in their order. */
export function firstOfEachClass(
  { labels, classes }: Dataset,
  indices: Uint32Array,
  maximum: number,
): Uint32Array {
  const taken = new Array<number>(classes.length).fill(0);
  return indices.filter((sample) => taken[labels[sample]]++ < maximum);
}
