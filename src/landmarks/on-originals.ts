import { EvopatchError } from '../core/errors.ts';
import { type Photo, reductionOf } from '../images/photo.ts';
import type { LandmarkDetector, LocatedFace } from './landmark-detector.ts';
import { POINT_COUNT } from './mean-shape.ts';

/** Wraps a detector, which works in pixels of the reduced photo, so that its input and output are in pixels of the original. */
export function onOriginals(detector: LandmarkDetector): Required<LandmarkDetector> {
  const { version } = detector;
  const toOriginal = (face: LocatedFace, photo: Photo) => scaleFace(checked(face), reductionOf(photo));
  return {
    version,
    detect: async (photo) =>
      (await detector.detect(withoutOriginal(photo))).map((face) => toOriginal(face, photo)),
    locate: async (crop) => toOriginal(await detector.locate(withoutOriginal(crop)), crop),
    attributesOf: async (photo, face) => {
      if (detector.attributesOf === undefined) {
        const data = { option: 'attributes', hint: 'Give the detector a method attributesOf.' };
        throw new EvopatchError('INVALID_OPTION', `the detector '${version}' estimates no attributes`, data);
      }
      return detector.attributesOf(withoutOriginal(photo), scaleFace(face, 1 / reductionOf(photo)));
    },
    turnOf: async (photo, face) =>
      detector.turnOf?.(withoutOriginal(photo), scaleFace(face, 1 / reductionOf(photo))),
  };

  function checked(face: LocatedFace): LocatedFace {
    if (face.points?.length === 2 * POINT_COUNT) return face;
    const problem = `the detector '${version}' gives a face without ${POINT_COUNT} points`;
    throw new EvopatchError('INVALID_DATA', problem, { given: face.points?.length });
  }
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
    points: Float32Array.from(points, (coordinate) => factor * coordinate),
  };
}
