import { setImmediate } from 'node:timers/promises';
import { EvopatchError } from '../core/errors.ts';
import type { FaceGrid } from '../landmarks/face-grid.ts';
import { type MethodOptions, openExplainer } from './explainer.ts';
import { type AskedFaces, samplesFor } from './hidden-pixels.ts';

export interface SaliencyOptions extends AskedFaces, MethodOptions {
  /** The class that is explained: the one predicted for each face, its true one, or the same for all by its number. */
  readonly explained?: 'predicted' | 'true' | number;
  /** Stops between two blocks of 16 faces with an `ABORTED` error. */
  readonly signal?: AbortSignal;
  /** Called after each block of 16 faces with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** What a network looks at on one face. */
export interface SaliencyMap {
  /** Number of the face in the data set. */
  readonly sample: number;
  /** The class that is explained, and its probability. */
  readonly class: number;
  readonly probability: number;
  /** The number that is explained, as `SaliencyScalar` says. */
  readonly scalar: number;
  /** Of 'integrated': that number for a picture without contrast. The map sums to the difference of the two. */
  readonly baseline?: number;
  readonly grid: FaceGrid;
}

const BLOCK = 16;

/**
 * What a network looks at on each of some faces, by its gradients. The network is run as it predicts: running statistics
 * in batch normalisation, no dropout. Pixels that it does not read are 0. Methods:
 * - 'gradient': the derivative of the scalar by each pixel (Simonyan et al. 2014, section 3), with its sign. A pixel
 *   counts as the network reads it, that is in standard deviations of its own frame, whose mean and deviation are held
 *   fixed; for networks on fixed levels of grey in those.
 * - 'guided': the same, but a ReLU passes backward only what is positive (Springenberg et al. 2015, section 3.4).
 * - 'integrated': integrated gradients (Sundararajan et al. 2017) from the picture without contrast: what each pixel
 *   adds to the scalar, with its sign. It sums to the scalar less that of the baseline, up to the error of `steps`.
 * - 'grad-cam': class activation maps of the last convolution (Selvaraju et al. 2017). Every branch has its own; they are
 *   brought to the pixels of its patch; where patches overlap, the larger value counts. Never negative.
 *
 * @throws EvopatchError `INVALID_DATA` where faces and network do not fit; `INVALID_OPTION` for a class, layer, scalar or
 * number of steps that is impossible; `ABORTED`.
 */
export async function saliency(options: SaliencyOptions): Promise<SaliencyMap[]> {
  const maps: SaliencyMap[] = [];
  for await (const map of saliencyMaps(options)) maps.push(map);
  return maps;
}

/** The same, one after the other, so that not all are held at once. */
export async function* saliencyMaps(options: SaliencyOptions): AsyncGenerator<SaliencyMap, void, undefined> {
  const { network, indices, explained = 'predicted', signal, onProgress } = options;
  const samples = samplesFor(options);
  const { classes, frameSize: size } = samples;
  if (
    typeof explained === 'number' &&
    !(Number.isInteger(explained) && explained >= 0 && explained < classes)
  ) {
    const hint = `Give a number from 0 to ${classes - 1}, 'predicted' or 'true'`;
    throw new EvopatchError('INVALID_OPTION', 'there is no such class', {
      option: 'explained',
      given: explained,
      hint,
    });
  }
  const explainer = openExplainer(network, options);
  for (let first = 0; first < indices.length; first += BLOCK) {
    await setImmediate();
    if (signal?.aborted) throw new EvopatchError('ABORTED', 'the maps were stopped', {}, signal.reason);
    const part = indices.subarray(first, first + BLOCK);
    const block = explainer.explain(samples, part, (probabilities) => {
      if (explained === 'predicted') return predictedClasses(probabilities, classes);
      return Uint8Array.from(part, (sample) => (explained === 'true' ? samples.labels[sample] : explained));
    });
    for (const [i, sample] of part.entries()) {
      yield {
        sample,
        class: block.classes[i],
        probability: block.probabilities[i * classes + block.classes[i]],
        scalar: block.scalars[i],
        ...(block.baselines === undefined ? {} : { baseline: block.baselines[i] }),
        grid: { size, values: block.maps.slice(i * size * size, (i + 1) * size * size) },
      };
    }
    onProgress?.(Math.min((first + BLOCK) / indices.length, 1));
  }
}

/** The most probable class of each row, [index][class]; the first of equal ones, and of a row of NaN the first of all. */
export function predictedClasses(probabilities: Float32Array, classes: number): Uint8Array {
  return Uint8Array.from({ length: probabilities.length / classes }, (_, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    return Math.max(row.indexOf(Math.max(...row)), 0);
  });
}
