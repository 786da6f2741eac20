import { sha256 } from '../core/canonical-json.ts';
import type { Dataset } from '../data/dataset.ts';
import { samplesOf } from '../fitness/evaluate.ts';
import type { Network } from '../nn/network.ts';
import type { Distillation, Teacher } from '../nn/teacher.ts';
import { logitOf } from './logit.ts';

/** T and λ that served students of a twentieth of their teacher's parameters best on FER2013. */
const DISTILLATION: Distillation = { temperature: 2, mixing: 0.7, squared: true };

/** Faces that are mirrored at once. */
const CHUNK = 1024;

/**
 * A network as the teacher of others: what it thinks of every face of a data set, as the logarithm of its mean
 * probabilities for the face and for its mirror image.
 */
export function networkTeacher(network: Network, dataset: Dataset): Teacher {
  const { count, classes } = dataset;
  const all = Uint32Array.from({ length: count }, (_, sample) => sample);
  const seen = network.predict(samplesOf(dataset), all);
  const logits = new Float32Array(new SharedArrayBuffer(4 * count * classes.length));
  for (let first = 0; first < count; first += CHUNK) {
    const part = all.subarray(first, first + CHUNK);
    const mirrored = network.predict(mirrorImages(dataset, part), all.subarray(0, part.length));
    for (const [place, probability] of mirrored.entries()) {
      const index = first * classes.length + place;
      logits[index] = logitOf((seen[index] + probability) / 2);
    }
  }
  const hash = sha256('evopatch network teacher 1', new Uint8Array(logits.buffer));
  return { logits, hash, ...DISTILLATION };
}

/** Some faces with their columns reversed. */
function mirrorImages(dataset: Dataset, indices: Uint32Array) {
  const { frames, labels, frameSize, classes } = samplesOf(dataset);
  const bytes = frameSize * frameSize;
  const mirrored = new Uint8Array(indices.length * bytes);
  for (const [place, sample] of indices.entries()) {
    for (let row = 0; row < frameSize; row++) {
      const start = sample * bytes + row * frameSize;
      mirrored.set(frames.slice(start, start + frameSize).reverse(), place * bytes + row * frameSize);
    }
  }
  return {
    frames: mirrored,
    labels: Uint8Array.from(indices, (sample) => labels[sample]),
    frameSize,
    classes,
  };
}
