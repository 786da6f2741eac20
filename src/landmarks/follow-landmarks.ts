import { EvopatchError } from '../core/errors.ts';
import type { Photo } from '../images/photo.ts';
import { distance, type Point } from './face-pose.ts';
import type { Box, LandmarkDetector, LocatedFace } from './landmark-detector.ts';
import { clipToPhoto, cutPhoto } from './picture.ts';

export interface FollowOptions {
  /** Frames from one search of the whole picture to the next, 1 or more. @defaultValue 10 */
  readonly searchEvery?: number;
}

/** A face is lost if its size changes by more than this factor from one frame to the next. */
const MOST_GROWTH = 1.25;
/** A face is lost if it moves further from one frame to the next, in sizes of its own. */
const MOST_MOVE = 0.5;

/**
 * Makes a function that locates the faces of successive frames of a film. It searches one frame in `searchEvery`; in the others it only
 * locates the landmarks of the faces of the frame before, around the places where those were, which takes a fraction of the time of a
 * search. A search follows at once where no face is known or a face jumps, so a face that appears or leaves is noticed within
 * `searchEvery` frames.
 *
 * @throws EvopatchError `INVALID_OPTION`
 */
export function followLandmarks(
  detector: LandmarkDetector,
  { searchEvery = 10 }: FollowOptions = {},
): (frame: Photo) => Promise<readonly LocatedFace[]> {
  if (!(Number.isSafeInteger(searchEvery) && searchEvery > 0)) {
    throw new EvopatchError('INVALID_OPTION', 'not a number of frames', {
      option: 'searchEvery',
      given: searchEvery,
      hint: 'It is a whole number, 1 or more.',
    });
  }
  let faces: readonly LocatedFace[] = [];
  let untilSearch = 0;
  return async (frame) => {
    const isDue = faces.length === 0 || untilSearch === 0;
    const followed = isDue ? undefined : await followAll(frame, faces);
    untilSearch = followed ? untilSearch - 1 : searchEvery - 1;
    faces = followed ?? (await detector.detect(frame));
    return faces;
  };

  /** Follows all faces; undefined if one is lost. */
  async function followAll(frame: Photo, known: readonly LocatedFace[]): Promise<LocatedFace[] | undefined> {
    const followed: LocatedFace[] = [];
    for (const face of known) {
      const inside = clipToPhoto(frame, face.box);
      if (inside === undefined) return undefined;
      const { points } = await detector.locate(cutPhoto(frame, inside));
      const placed = points.map((value, i) => value + (i % 2 === 0 ? inside.x : inside.y));
      const box = moveBox(face, placed);
      if (box === undefined) return undefined;
      followed.push({ ...face, box, points: placed });
    }
    return followed;
  }
}

/** Moves and scales the box of a face as its points did; undefined if it jumps. */
function moveBox({ box, points }: LocatedFace, moved: Float32Array): Box | undefined {
  const from = extentOf(points);
  const to = extentOf(moved);
  const scale = to.size / from.size;
  const isLost =
    !(scale < MOST_GROWTH && scale > 1 / MOST_GROWTH) ||
    distance(from.centre, to.centre) > MOST_MOVE * from.size;
  if (isLost) return undefined;
  return {
    x: to.centre[0] + scale * (box.x - from.centre[0]),
    y: to.centre[1] + scale * (box.y - from.centre[1]),
    width: scale * box.width,
    height: scale * box.height,
  };
}

/** The mean of the points, and twice the root of their mean squared distance from it. */
function extentOf(points: Float32Array): { readonly centre: Point; readonly size: number } {
  const count = points.length / 2;
  const centre: [number, number] = [0, 0];
  for (const [i, value] of points.entries()) centre[i % 2] += value / count;
  let squares = 0;
  for (const [i, value] of points.entries()) squares += (value - centre[i % 2]) ** 2;
  return { centre, size: 2 * Math.sqrt(squares / count) };
}
