import { EvopatchError } from '../core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Network } from '../nn/network.ts';
import { frameStatistics, type Samples } from '../nn/samples.ts';

/** Names a network and the faces that it is asked about. */
export interface AskedFaces {
  readonly network: Network;
  /** Classes in the order of the network's outputs. */
  readonly dataset: Pick<Dataset, 'frames' | 'labels' | 'frame' | 'classes'>;
  /** Indices of at least one sample. */
  readonly indices: Uint32Array;
}

/** Number of frames that are copied and changed at a time. */
const CHUNK = 1024;

/**
 * Picks the parts of a data set that a network reads.
 *
 * @throws EvopatchError `INVALID_DATA` if there are no faces, or if classes or frames differ from the network's.
 */
export function samplesFor({ network: { spec }, dataset, indices }: AskedFaces): Samples {
  const { frames, labels, frame, classes } = dataset;
  if (indices.length === 0) throw new EvopatchError('INVALID_DATA', 'there are no faces to measure on');
  if (classes.length !== spec.classes || frame.size !== spec.frameSize) {
    const problem = `the network knows ${spec.classes} classes, on frames of ${spec.frameSize} pixels`;
    const given = { classes: classes.length, frameSize: frame.size };
    throw new EvopatchError('INVALID_DATA', problem, { given });
  }
  return { frames, labels, frameSize: frame.size, classes: classes.length };
}

/** Holds what replaces hidden pixels. */
export interface MeanLook {
  /** The mean of each pixel of the frames as the network reads them, [size][size]. */
  readonly values: Float64Array;
  /** The number subtracted from each frame of the data set, and the factor that then scales it, [count][2]. */
  readonly statistics: Float32Array;
}

/**
 * Averages each pixel over some samples, as one network reads it: after subtracting the frame's mean and dividing by its
 * standard deviation, or unchanged for a network that reads grey levels on a fixed scale.
 */
export function meanLook({ spec }: Pick<Network, 'spec'>, samples: Samples, indices: Uint32Array): MeanLook {
  const pixels = samples.frameSize * samples.frameSize;
  const normalizes = spec.layers.some((layer) => layer.kind === 'crop' && layer.levels === undefined);
  const known = frameStatistics(samples);
  const statistics = normalizes ? known : known.map((_, i) => i % 2); // 0 and 1
  const sums = new Float64Array(pixels);
  for (const sample of indices) {
    const frame = samples.frames.subarray(sample * pixels, (sample + 1) * pixels);
    const [centre, scale] = [statistics[2 * sample], statistics[2 * sample + 1]];
    for (let pixel = 0; pixel < pixels; pixel++) sums[pixel] += (frame[pixel] - centre) * scale;
  }
  return { values: sums.map((sum) => sum / indices.length), statistics };
}

/**
 * Predicts class probabilities with some pixels hidden, [index][class]. A hidden pixel takes its value from `look` in
 * every face, so it says nothing about the single face; if the network normalises frames, the value is first brought to
 * the face's brightness and contrast. It is rounded to a grey level. All other pixels look unchanged to the network: a
 * frame keeps the statistics from before the change.
 *
 * @param pixels indices of the hidden pixels
 */
export function predictHidden(
  network: Network,
  samples: Samples,
  indices: Uint32Array,
  pixels: ArrayLike<number>,
  look: MeanLook,
): Float32Array {
  const { frameSize, classes } = samples;
  const bytes = frameSize * frameSize;
  const result = new Float32Array(indices.length * classes);
  for (let first = 0; first < indices.length; first += CHUNK) {
    const part = indices.subarray(first, first + CHUNK);
    const frames = new Uint8Array(part.length * bytes);
    const statistics = new Float32Array(2 * part.length);
    for (const [index, sample] of part.entries()) {
      const frame = frames.subarray(index * bytes, (index + 1) * bytes);
      frame.set(samples.frames.subarray(sample * bytes, (sample + 1) * bytes));
      const [centre, scale] = [look.statistics[2 * sample], look.statistics[2 * sample + 1]];
      statistics.set([centre, scale], 2 * index);
      for (let i = 0; i < pixels.length; i++) {
        const grey = Math.floor(centre + look.values[pixels[i]] / scale + 0.5);
        frame[pixels[i]] = Math.min(Math.max(grey, 0), 255);
      }
    }
    const hidden = { frames, labels: new Uint8Array(part.length), frameSize, classes, statistics };
    const all = Uint32Array.from(part.keys());
    result.set(network.predict(hidden, all), first * classes);
  }
  return result;
}
