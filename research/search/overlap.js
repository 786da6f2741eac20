import { spearman } from '../../dist/core/spearman.js';
import { faceSquare } from '../../dist/genome/patches.js';
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

function pixelsOfFace(frame) {
  const { x, y, width, height } = faceSquare(frame);
  return Array.from({ length: width * height }, (_, index) => {
    return (y + Math.floor(index / width)) * frame.size + x + (index % width);
  });
}

function sumOf(values) {
  return values.reduce((sum, value) => sum + value, 0);
}
