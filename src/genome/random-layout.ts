import type { RandomStream } from '../core/random.ts';
import type { GenomeBounds } from './bounds.ts';
import type { Genome, PatchGene } from './genome.ts';
import { coveredPixels, largestOverlap } from './patches.ts';
import { canBeHalved, randomPatch } from './random.ts';
import { replacePatches } from './replace-patches.ts';

/** Draws of a patch before a layout stays with fewer pixels. */
const ATTEMPTS = 200;

/**
 * Draws a layout that covers as many pixels as a genome. The network is the genome's, fitted to its parameters (see
 * `replacePatches`): so only the places differ.
 */
export function randomLayout(genome: Genome, bounds: GenomeBounds, random: RandomStream): Genome {
  return replacePatches(genome, randomPatches(coveredPixels(genome, bounds.frame), bounds, random), bounds);
}

/**
 * Draws patches anywhere on the face, as for a random genome, until they cover a number of pixels, and trims the last one to
 * fit.
 */
export function randomPatches(pixels: number, bounds: GenomeBounds, random: RandomStream): PatchGene[] {
  const { frame } = bounds;
  let patches: PatchGene[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && coveredPixels({ patches }, frame) < pixels; attempt++) {
    const more = [...patches, randomPatch(bounds, bounds.maximumSide, random)];
    if (largestOverlap(more, frame) <= bounds.maximumOverlap) patches = more;
  }
  return trimLast(patches, pixels, bounds);
}

/**
 * Cuts columns and rows off the last patch, off its longer sides first, until all together cover no more than the pixels. Reads it
 * at full resolution if it becomes too small for half.
 */
function trimLast(patches: readonly PatchGene[], pixels: number, bounds: GenomeBounds): PatchGene[] {
  const before = patches.slice(0, -1);
  let last = patches[patches.length - 1];
  while (coveredPixels({ patches: [...before, last] }, bounds.frame) > pixels) {
    const { width, height } = last;
    if (width * height === 1) return before;
    last = width > height ? { ...last, width: width - 1 } : { ...last, height: height - 1 };
  }
  return [...before, canBeHalved(last, bounds) ? last : { ...last, scale: 1 }];
}
