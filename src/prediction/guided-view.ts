import { singleNetwork } from '../ensemble/ensemble.ts';
import { greyOf, type Photo } from '../images/photo.ts';
import { renderFrame } from '../landmarks/frame.ts';
import { readPixels } from '../network/read-pixels.ts';
import { openExplainer } from '../saliency/explainer.ts';
import type { ExpressionModel } from './expression-model.ts';
import type { PredictedFace } from './prediction.ts';

/** Adds to each face of a photo a map of the pixels that speak for its label. */
export type GuidedBackpropagation = <Face extends PredictedFace>(
  photo: Photo,
  faces: readonly Face[],
) => Face[];

const BLOCK = 16;

/**
 * Explains the labels that a model gives to faces, for `drawPredictions` to show: guided backpropagation from the logit
 * of the label to the pixels (Springenberg et al. 2015, section 3.4; Arriaga et al. 2017 use it in such a pipeline). In a
 * stream with smoothing it explains the smoothed label.
 *
 * @throws EvopatchError `INVALID_MODEL` for an ensemble.
 */
export function guidedBackpropagation(model: ExpressionModel): GuidedBackpropagation {
  const { network, classes, frame } = singleNetwork(model);
  const explainer = openExplainer(network, { method: 'guided' });
  const read = readPixels(network.spec);
  const pixels = frame.size * frame.size;
  return (photo, faces) => {
    if (faces.length === 0) return [];
    const grey = greyOf(photo);
    const frames = new Uint8Array(faces.length * pixels);
    for (const [i, { similarity }] of faces.entries()) {
      renderFrame(grey, similarity, frame, frames.subarray(i * pixels, (i + 1) * pixels));
    }
    const labels = Uint8Array.from(faces, ({ label }) => classes.indexOf(label));
    const samples = { frames, labels, frameSize: frame.size, classes: classes.length };
    const explained = [...faces];
    for (let first = 0; first < faces.length; first += BLOCK) {
      const block = labels.subarray(first, first + BLOCK);
      const indices = Uint32Array.from(block, (_, i) => first + i);
      const { maps } = explainer.explain(samples, indices, () => block);
      for (const [i, sample] of indices.entries()) {
        const grid = { size: frame.size, values: maps.slice(i * pixels, (i + 1) * pixels) };
        explained[sample] = { ...faces[sample], guided: { grid, read, frame } };
      }
    }
    return explained;
  };
}
