import { randomStream } from '../../dist/core/random.js';
import { spearman } from '../../dist/core/spearman.js';
import { coveredPixels, faceSquare } from '../../dist/genome/patches.js';
import { randomGenome } from '../../dist/genome/random.js';

import { patchCounts, readingShares } from '../../dist/maps/heat.js';

/**
 * How well patches lie where a map says that there is something to see.
 *
 * @typedef {object} Overlap
 * @property {number} concentration Share of the map's mass on the face that lies under a genome's patches, over the share of the face that they cover;
 * the mean over the genomes. 1 is what pixels picked blindly have.
 * @property {number} coverage Share of the face that a genome covers, the mean over the genomes.
 * @property {number | null} rankCorrelation Spearman's correlation, over the pixels of the face, of the share of genomes that read a pixel with the map.
 */

/**
 * @param genomes at least one
 * @param map not negative, [size][size], not 0 all over the face
 */
export function overlapOf(genomes, map, frame) {
  const face = pixelsOfFace(frame);
  const mass = sumOf(face.map((pixel) => map[pixel]));
  const parts = genomes.map((genome) => {
    const counts = patchCounts(genome, frame);
    const covered = face.filter((pixel) => counts[pixel] > 0);
    const coverage = covered.length / face.length;
    return { coverage, concentration: sumOf(covered.map((pixel) => map[pixel])) / mass / coverage };
  });
  const shares = readingShares(
    genomes,
    genomes.map(() => 1),
    frame,
  );
  return {
    concentration: sumOf(parts.map(({ concentration }) => concentration)) / parts.length,
    coverage: sumOf(parts.map(({ coverage }) => coverage)) / parts.length,
    rankCorrelation: spearman(
      face.map((pixel) => shares[pixel]),
      face.map((pixel) => map[pixel]),
    ),
  };
}

/** Coverage of a random genome may differ by so much of the wanted one. */
const TOLERANCE = 0.05;
const ATTEMPTS = 1000;

/**
 * Random genomes that each cover about as many pixels as a given one, within a twentieth; where a thousand draws find none
 * such, the nearest of them.
 */
export function randomGenomesLike(genome, count, bounds, seed) {
  const wanted = coveredPixels(genome, bounds.frame);
  return Array.from({ length: count }, (_, index) => {
    let nearest;
    let least = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < ATTEMPTS && least > TOLERANCE * wanted; attempt++) {
      const drawn = randomGenome(bounds, randomStream(seed, 'genome of equal pixels', index, attempt));
      const difference = Math.abs(coveredPixels(drawn, bounds.frame) - wanted);
      if (difference >= least) continue;
      nearest = drawn;
      least = difference;
    }
    return nearest ?? genome;
  });
}

function pixelsOfFace(frame) {
  const { x, y, width, height } = faceSquare(frame);
  return Array.from({ length: width * height }, (_, index) => {
    return (y + Math.floor(index / width)) * frame.size + x + (index % width);
  });
}

function sumOf(values) {
  return values.reduce((sum, value) => sum + value, 0);
}
