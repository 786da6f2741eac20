import { LANES } from '../layout.ts';

/**
 * The factors of inverted dropout, [sample][position], by the hash of kernels/elementwise.c: the same numbers are dropped as with
 * other engines.
 *
 * @param index that of the layer in the network
 * @param positions numbers of a sample, channel by channel
 */
export function dropoutMask(
  rate: number,
  seed: number,
  index: number,
  samples: number,
  positions: number,
): Float32Array {
  const factors = new Float32Array(samples * positions);
  const threshold = Math.floor(rate * 2 ** 32);
  for (let sample = 0, i = 0; sample < samples; sample++) {
    const block = Math.floor(sample / LANES);
    const key = mix(seed ^ (Math.imul(index, 0x9e3779b9) + Math.imul(block, 0x7f4a7c15)));
    for (let position = 0; position < positions; position++, i++) {
      const kept = mix((position * LANES + (sample % LANES)) ^ key) >= threshold;
      factors[i] = kept ? 1 / (1 - rate) : 0;
    }
  }
  return factors;
}

function mix(number: number): number {
  let x = number >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0;
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
  return (x ^ (x >>> 16)) >>> 0;
}
