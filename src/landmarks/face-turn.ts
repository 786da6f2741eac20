import type { Photo } from '../images/photo.ts';
import { look } from './face-boxes.ts';
import type { FaceNetworks } from './face-networks.ts';
import { poseOf } from './face-pose.ts';
import type { Box, FaceTurn, LocatedFace } from './landmark-detector.ts';
import { clipToPhoto, squarePicture } from './picture.ts';
import { fitSimilarity } from './similarity.ts';

/**
 * The landmark network puts upright points on any face. Points with at most this distance from the mean shape are right: on 21
 * upright portraits 38 of 42 searches (tiny, ssd) stay below it, and none of the same portraits rotated by 90, 180 and 270
 * degrees does (minimum 1.17).
 */
const CLEARLY_UPRIGHT = 1;
/** Views around a face: side as a multiple of the face's, and side of the tiny detector's square input in pixels. */
const VIEWS = [
  { grow: 2, size: 224 },
  { grow: 1.5, size: 160 },
] as const;
const MINIMUM_SCORE = 0.1;
/** How far the best rotated view must exceed the best upright one. */
const MARGIN = 0.1;
/** The roll from which a face leans far, degrees. */
const LEANING = 25;
/** Residual, in frame pixels, that weighs as much as a score of 1. */
const RESIDUAL_SCALE = 4;

/**
 * Detects a face that lies on its side or stands upside down. If its points are not clearly right, the tiny detector runs on all
 * four quarter turns, and the turn with the best face and landmarks wins. It detects all of 38 rotated portraits whose points
 * alignment would trust, and wrongly reports none of 21 upright ones and of 16 rotated by 30 degrees, one of 22 faces in photos
 * of groups and four of 101 press photos.
 */
export async function turnOf(
  networks: FaceNetworks,
  photo: Photo,
  { box, points }: LocatedFace,
  pointsIn: (photo: Photo, box: Box) => Promise<Float32Array>,
): Promise<FaceTurn | undefined> {
  if (fitSimilarity(points, box).residual <= CLEARLY_UPRIGHT) return undefined;
  const evidence = [0, 0, 0, 0];
  for (const { grow, size } of VIEWS) {
    const side = grow * Math.max(box.width, box.height);
    const about = { x: box.x + (box.width - side) / 2, y: box.y + (box.height - side) / 2 };
    const part = clipToPhoto(photo, { ...about, width: side, height: side });
    if (part === undefined) continue;
    let view: Photo = {
      pixels: Uint8Array.from(squarePicture(photo, part, size).values, Math.round),
      width: size,
      height: size,
    };
    for (let turns = 0; turns < evidence.length; turns++) {
      evidence[turns] = Math.max(evidence[turns], await evidenceIn(networks, view, size, pointsIn));
      view = turnedClockwise(view);
    }
  }
  const [upright, ...turned] = evidence;
  const best = Math.max(...turned);
  if (best <= upright + MARGIN) return undefined;
  // If rotating the view by one quarter makes the face upright, the face was rotated by three.
  const turn = ([270, 180, 90] as const)[turned.indexOf(best)];
  // Points that lean to the same side follow a face that leans far but does not lie on its side.
  const { roll } = poseOf(points);
  return (turn === 90 && roll >= LEANING) || (turn === 270 && roll <= -LEANING) ? undefined : turn;
}

/** Measures how clearly the face in the middle of a view appears upright. */
async function evidenceIn(
  networks: FaceNetworks,
  view: Photo,
  size: number,
  pointsIn: (photo: Photo, box: Box) => Promise<Float32Array>,
): Promise<number> {
  const faces = await look(networks, view, 'tiny', MINIMUM_SCORE, undefined, size);
  const face = faces.find(({ box: { x, y, width, height } }) => {
    const [right, down] = [x + (width - size) / 2, y + (height - size) / 2];
    return Math.hypot(right, down) < size / 4 && width > size / 5;
  });
  const inside = face && clipToPhoto(view, face.box);
  if (face === undefined || inside === undefined) return 0;
  const { residual } = fitSimilarity(await pointsIn(view, inside), inside);
  return face.score - residual / RESIDUAL_SCALE;
}

function turnedClockwise({ pixels, width, height }: Photo): Photo {
  const turned = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * (y * width + x);
      turned.set(pixels.subarray(from, from + 3), 3 * (x * height + (height - 1 - y)));
    }
  }
  return { pixels: turned, width: height, height: width };
}
