import { syntheticDifferences } from '../data/synthetic/difference-map.ts';
import { faceSquare } from '../genome/patches.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import { pixelsOf } from '../saliency/occlusion.ts';
import type { ClassMaps } from '../saliency/region-table.ts';
import { scoreAgainstTruth, type TruthScore } from '../saliency/truth.ts';

/** Scores over all classes, and the mean of those of the single classes. */
export interface MapScores {
  readonly overall: TruthScore;
  readonly perClass: TruthScore;
}

/** How well maps of a network that knows drawn faces show where those differ. */
export interface MapAssessment {
  /** Among the pixels of the face. */
  readonly face: MapScores;
  /** Among those of them that the network reads: what a map says beyond the places of the patches. */
  readonly read: MapScores;
}

/**
 * Scores maps against where the drawn expressions truly differ, the map of each class against where that expression
 * differs from the mean one.
 *
 * @param maps of the classes in the order of `EXPRESSIONS`
 * @param read 1 for the pixels that the network reads, [size][size]
 */
export function assessMaps(maps: ClassMaps, read: Uint8Array, frame: FrameGeometry): MapAssessment {
  const differences = syntheticDifferences(frame);
  const { size } = frame;
  const scoresOn = (pixels: readonly number[]): MapScores => {
    const perClass = maps.perClass.map(({ grid }, label) =>
      scoreAgainstTruth(grid, { size, values: differences.perClass[label] }, pixels),
    );
    const mean = (score: keyof TruthScore) =>
      perClass.reduce((sum, scores) => sum + scores[score], 0) / perClass.length;
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
