import { sha256 } from '../core/hash.ts';
import { log } from '../core/portable-math.ts';
import type { Dataset } from '../data/dataset.ts';
import { samplesOf } from '../fitness/evaluate.ts';
import type { Network } from '../nn/network.ts';
import type { Distillation, Teacher } from '../nn/teacher.ts';

/** Minimum probability, so that logits stay finite. */
const MIN_PROBABILITY = 1e-30;

/** The T and λ that gave the best students with a twentieth of their teacher's parameters on FER2013. */
const DISTILLATION: Distillation = { temperature: 2, mixing: 0.7, squared: true };

/** Faces to mirror at a time. */
const CHUNK = 1024;

/**
 * Makes a network the teacher of others: computes for every face of a data set the logarithm of its mean probabilities for the
 * face and for the mirror image.
 */
export function networkTeacher(network: Network, dataset: Dataset): Teacher {
  const { count, classes } = dataset;
  const all = Uint32Array.from({ length: count }, (_, sample) => sample);
  const seen = network.predict(samplesOf(dataset), all);
  const logits = new Float32Array(new SharedArrayBuffer(4 * count * classes.length));
  for (let first = 0; first < count; first += CHUNK) {
    const part = all.subarray(first, first + CHUNK);
    const mirrored = network.predict(mirrorImages(dataset, part), all.subarray(0, part.length));
    for (const [offset, probability] of mirrored.entries()) {
      const index = first * classes.length + offset;
      logits[index] = logitOf((seen[index] + probability) / 2);
    }
  }
  const hash = sha256('evopatch network teacher 1', new Uint8Array(logits.buffer));
  return { logits, hash, ...DISTILLATION };
}

/** Mirrors faces: reverses the columns of each. */
function mirrorImages(dataset: Dataset, indices: Uint32Array) {
  const { frames, labels, frameSize, classes } = samplesOf(dataset);
  const bytes = frameSize * frameSize;
  const mirrored = new Uint8Array(indices.length * bytes);
  for (const [index, sample] of indices.entries()) {
    for (let row = 0; row < frameSize; row++) {
      const start = sample * bytes + row * frameSize;
      mirrored.set(frames.slice(start, start + frameSize).reverse(), index * bytes + row * frameSize);
    }
  }
  return {
    frames: mirrored,
    labels: Uint8Array.from(indices, (sample) => labels[sample]),
    frameSize,
    classes,
  };
}

/** Computes ln p: a logit minus a constant of the sample, which the softmax cancels. */
export function logitOf(probability: number): number {
  return log(Math.max(probability, MIN_PROBABILITY));
}
