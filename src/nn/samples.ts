/** Labelled square frames, as training and inference read them. */
export interface Samples {
  /** Grey levels, [count][frameSize][frameSize]. */
  readonly frames: Uint8Array;
  /** Class of each sample, [count]. */
  readonly labels: Uint8Array;
  readonly frameSize: number;
  readonly classes: number;
  /**
   * Mean and inverse standard deviation by which each frame is normalised, [count][2]; its own if left out. Altered frames
   * keep those of their originals.
   */
  readonly statistics?: Float32Array;
}

const known = new WeakMap<Uint8Array, Float32Array>();

/** Returns `statistics`, or computes the mean and inverse standard deviation of each frame, once for a set of frames. */
export function frameStatistics({ frames, frameSize, statistics: given }: Samples): Float32Array {
  const found = given ?? known.get(frames);
  if (found) return found;
  const pixels = frameSize * frameSize;
  const statistics = new Float32Array((frames.length / pixels) * 2);
  for (let sample = 0; sample * pixels < frames.length; sample++) {
    let sum = 0;
    let squares = 0;
    for (let i = sample * pixels; i < (sample + 1) * pixels; i++) {
      sum += frames[i];
      squares += frames[i] * frames[i];
    }
    const mean = sum / pixels;
    const variance = squares / pixels - mean * mean;
    statistics[2 * sample] = mean;
    statistics[2 * sample + 1] = 1 / Math.sqrt(Math.max(variance, 1)); // an empty picture stays near zero
  }
  known.set(frames, statistics);
  return statistics;
}
