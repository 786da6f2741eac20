import { setImmediate } from 'node:timers/promises';
import { EvopatchError } from '../core/errors.ts';
import type { FaceGrid } from '../landmarks/frame-geometry.ts';
import { type MethodOptions, openExplainer } from './explainer.ts';
import { type AskedFaces, samplesFor } from './hidden-pixels.ts';

export interface SaliencyOptions extends AskedFaces, MethodOptions {
  /** The class to explain: each face's predicted or true one, or one index for all. @defaultValue 'predicted' */
  readonly explained?: 'predicted' | 'true' | number;
  /** Stops between two blocks of 16 faces with an `ABORTED` error. */
  readonly signal?: AbortSignal;
  /** Called after each block of 16 faces with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Shows what a network looks at on one face. */
export interface SaliencyMap {
  /** Index of the face in the data set. */
  readonly sample: number;
  /** Index of the explained class, and its probability. */
  readonly class: number;
  readonly probability: number;
  /** The number that the map explains; see `SaliencyScalar`. */
  readonly scalar: number;
  /** For 'integrated', that number for a picture without contrast. The map sums to the difference of the two. */
  readonly baseline?: number;
  readonly grid: FaceGrid;
}

const BLOCK = 16;

/**
 * Shows what a network looks at on each face, by its gradients. The network runs as it predicts: batch normalisation uses
 * running statistics, and nothing is dropped out. Pixels that it does not read are 0. Methods:
 * - 'gradient': the derivative of the scalar by each pixel (Simonyan et al. 2014, section 3), with its sign. The unit of a
 *   pixel is the one that the network reads: standard deviations of its frame, whose mean and deviation are held fixed,
 *   or grey levels for networks that read these on a fixed scale.
 * - 'guided': the gradient, but each ReLU passes only positive values backward (Springenberg et al. 2015, section 3.4).
 * - 'integrated': integrated gradients (Sundararajan et al. 2017) from the picture without contrast: what each pixel adds
 *   to the scalar, with its sign. The map sums to the scalar minus `baseline`, up to an error that falls with `steps`.
 * - 'grad-cam': class activation maps of the last convolutions (Selvaraju et al. 2017), one per branch, drawn on the
 *   pixels of its patch. If patches overlap, the larger value counts. Values are never negative.
 *
 * @throws EvopatchError `INVALID_DATA` if faces and network do not fit; `INVALID_OPTION` for an impossible class, layer,
 * scalar or number of steps; `ABORTED`.
 */
export async function saliency(options: SaliencyOptions): Promise<SaliencyMap[]> {
  const maps: SaliencyMap[] = [];
  for await (const map of saliencyMaps(options)) maps.push(map);
  return maps;
}

/** Makes the maps of `saliency` one after the other, so that memory holds only one block. */
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

/** Picks the most probable class of each row, [index][class]: the first of equal ones, and class 0 in a row of NaN. */
export function predictedClasses(probabilities: Float32Array, classes: number): Uint8Array {
  return Uint8Array.from({ length: probabilities.length / classes }, (_, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    return Math.max(row.indexOf(Math.max(...row)), 0);
  });
}
