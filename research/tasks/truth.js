// How much of what a layout reads lies where the answer is, and how much random layouts would.
import { randomStream } from '../../dist/core/random.js';
import { pixelsOf } from '../../dist/genome/patches.js';
import { randomLayout } from '../../dist/genome/random-layout.js';
import { FACE_REGIONS, faceRegions } from '../../dist/landmarks/face-regions.js';
import { meanShapeIn } from '../../dist/landmarks/mean-shape.js';
import { meanAndDeviation } from '../search/curves.js';

const DRAWS = 400;
/** The point below the nose, of the 68. */
const BASE_OF_NOSE = 33;

/** Marks the pixels of a truth: 1 or 0, [size][size]. */
export function truePixels({ regions, lowerCheeks }, frame) {
  const { size, regionOf } = faceRegions(frame);
  const base = meanShapeIn(frame)[2 * BASE_OF_NOSE + 1];
  return Uint8Array.from(regionOf, (index, pixel) => {
    const region = FACE_REGIONS[index];
    const isLowerCheek = region === 'cheeks' && Math.floor(pixel / size) + 0.5 > base;
    return regions.includes(region) || (lowerCheeks && isLowerCheek) ? 1 : 0;
  });
}

/** The share of the pixels that patches read which is true, 0 to 1. */
export function shareInside({ patches }, truth, frame) {
  const read = pixelsOf(patches, frame);
  let all = 0;
  let inside = 0;
  for (const [pixel, isRead] of read.entries()) {
    all += isRead;
    inside += isRead * truth[pixel];
  }
  return inside / all;
}

/** Random layouts with the pixels and the network of a genome. */
export function layoutsLike(genome, bounds, seed) {
  return Array.from({ length: DRAWS }, (_, draw) => {
    return randomLayout(genome, bounds, randomStream(seed, 'chance', draw));
  });
}

/** The share of a truth that layouts read: its mean, and the interval of 95 % of them. */
export function chanceInside(layouts, truth, frame) {
  const shares = layouts.map((layout) => shareInside(layout, truth, frame)).sort((a, b) => a - b);
  const at = (share) => shares[Math.round(share * (shares.length - 1))];
  return { mean: meanAndDeviation(shares).mean, interval95: [at(0.025), at(0.975)] };
}
