import type { RandomStream } from '../core/random.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { GenomeBounds } from './bounds.ts';
import type { Genome, PatchGene } from './genome.ts';
import { coveredPixels } from './patches.ts';
import { randomPatch } from './random.ts';
import { replacePatches } from './replace-patches.ts';

/** Draws of a patch before a layout stays with fewer pixels. */
const ATTEMPTS = 200;

/** Share of a patch, both halves of a pair together, that no patch before it reads. */
const NEW_SHARE = 3 / 4;

/**
 * Draws patches anywhere on the face, as for a random genome, until they cover as many pixels as those of a genome, and trims the
 * last one to fit. The network is the genome's, fitted to its parameters (see `replacePatches`): so only the places differ.
 */
export function randomLayout(genome: Genome, bounds: GenomeBounds, random: RandomStream): Genome {
  const { frame } = bounds;
  const pixels = coveredPixels(genome, frame);
  const patches: PatchGene[] = [];
  let covered = 0;
  for (let attempt = 0; attempt < ATTEMPTS && covered < pixels; attempt++) {
    const patch = randomPatch(bounds, bounds.maximumSide, random);
    const together = coveredPixels({ patches: [...patches, patch] }, frame);
    if (together - covered < NEW_SHARE * coveredPixels({ patches: [patch] }, frame)) continue;
    patches.push(patch);
    covered = together;
  }
  return replacePatches(genome, trimLast(patches, pixels, frame), bounds);
}

/** Cuts columns and rows off the last patch, off its longer sides first, until all together cover no more than the pixels. */
function trimLast(patches: readonly PatchGene[], pixels: number, frame: FrameGeometry): PatchGene[] {
  const before = patches.slice(0, -1);
  let last = patches[patches.length - 1];
  while (coveredPixels({ patches: [...before, last] }, frame) > pixels) {
    const { width, height } = last;
    if (width * height === 1) return before;
    last = width > height ? { ...last, width: width - 1 } : { ...last, height: height - 1 };
  }
  return [...before, last];
}
