import { type Photo, reductionOf } from '../images/photo.ts';
import type { LandmarkDetector, LocatedFace } from './landmark-detector.ts';

/** Makes a detector, which knows no pixels but those of a photo, answer and ask in pixels of the original. */
export function onOriginals(detector: LandmarkDetector): LandmarkDetector {
  const { version } = detector;
  return {
    version,
    detect: async (photo) =>
      (await detector.detect(withoutOriginal(photo))).map((face) => scaleFace(face, reductionOf(photo))),
    locate: async (crop) => scaleFace(await detector.locate(withoutOriginal(crop)), reductionOf(crop)),
    attributesOf: async (photo, face) =>
      detector.attributesOf(withoutOriginal(photo), scaleFace(face, 1 / reductionOf(photo))),
    turnOf: async (photo, face) =>
      detector.turnOf?.(withoutOriginal(photo), scaleFace(face, 1 / reductionOf(photo))),
  };
}

function withoutOriginal(photo: Photo): Photo {
  if (photo.original === undefined) return photo;
  const { pixels, width, height } = photo;
  return { pixels, width, height };
}

function scaleFace({ box, score, points }: LocatedFace, factor: number): LocatedFace {
  return {
    box: { x: factor * box.x, y: factor * box.y, width: factor * box.width, height: factor * box.height },
    score,
    points: points.map((coordinate) => factor * coordinate),
  };
}
