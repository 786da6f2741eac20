import { canonicalJson } from '../../src/core/canonical-json.ts';
import { sha256 } from '../../src/core/hash.ts';
import { randomStream } from '../../src/core/random.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';

/**
 * Makes a data set that networks learn in a moment: noise in which each class brightens its own part of the face, a band of
 * eyes or of mouth.
 */
export function tinyFaces(counts: { train: number; validation: number }, classes = 3): Dataset {
  const { size, noseX, noseY } = FACE_FRAME;
  const count = counts.train + counts.validation;
  const frames = new Uint8Array(new SharedArrayBuffer(count * size * size));
  const labels = new Uint8Array(new SharedArrayBuffer(count));
  const splits = new Uint8Array(new SharedArrayBuffer(count));
  for (let sample = 0; sample < count; sample++) {
    const random = randomStream('tiny faces', sample);
    const label = sample % classes;
    labels[sample] = label;
    splits[sample] = sample < counts.train ? 0 : 1;
    const frame = frames.subarray(sample * size * size, (sample + 1) * size * size);
    for (let pixel = 0; pixel < frame.length; pixel++) frame[pixel] = random.integer(60, 160);
    const top = noseY - 18 + 12 * label;
    for (let y = top; y < top + 6; y++) {
      for (let x = noseX - 12; x < noseX + 12; x++) frame[y * size + x] += 60;
    }
  }
  const names = Array.from({ length: classes }, (_, label) => `class ${label}`);
  const hash = sha256(canonicalJson(names), frames, labels, splits);
  return {
    name: 'tiny faces',
    classes: names,
    frame: FACE_FRAME,
    align: 'none',
    count,
    unaligned: 0,
    skipped: 0,
    frames,
    labels,
    splits,
    hash,
  };
}
