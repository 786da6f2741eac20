import { syntheticDifferences } from '../../dist/data/synthetic/difference-map.js';
import { faceSquare } from '../../dist/genome/patches.js';

import { pixelsOf } from '../../dist/saliency/occlusion.js';

import { scoreAgainstTruth } from '../../dist/saliency/truth.js';

/**
 * Scores over all classes, and the mean of those of the single classes.
 *
 * @typedef {object} MapScores
 * @property {TruthScore} overall
 * @property {TruthScore} perClass
 */

/**
 * How well maps of a network that knows drawn faces show where those differ.
 *
 * @typedef {object} MapAssessment
 * @property {MapScores} face Among the pixels of the face.
 * @property {MapScores} read Among those of them that the network reads: what a map says beyond the places of the patches.
 */

/**
 * Scores maps against where the drawn expressions truly differ, the map of each class against where that expression
 * differs from the mean one.
 *
 * @param maps of the classes in the order of `EXPRESSIONS`
 * @param read 1 for the pixels that the network reads, [size][size]
 */
export function assessMaps(maps, read, frame) {
  const differences = syntheticDifferences(frame);
  const { size } = frame;
  const scoresOn = (pixels) => {
    const perClass = maps.perClass.map(({ grid }, label) =>
      scoreAgainstTruth(grid, { size, values: differences.perClass[label] }, pixels),
    );
    const mean = (score) => perClass.reduce((sum, scores) => sum + scores[score], 0) / perClass.length;
    return {
      overall: scoreAgainstTruth(maps.grid, { size, values: differences.overall }, pixels),
      perClass: {
        pointing: mean('pointing'),
        averagePrecision: mean('averagePrecision'),
        chance: mean('chance'),
      },
    };
  };
  const face = pixelsOf([faceSquare(frame)], size);
  return { face: scoresOn(face), read: scoresOn(face.filter((pixel) => read[pixel] === 1)) };
}
