import type { Photo } from '../images/photo.ts';
import { look } from './face-boxes.ts';
import { poseOf } from './face-pose.ts';
import type { Box, FaceTurn, LocatedFace } from './landmark-detector.ts';
import { insideOf, squarePicture } from './picture.ts';
import { fitSimilarity } from './similarity.ts';

/**
 * The landmark network puts upright points on any face. Points as near to the mean shape as this are right: on 21 upright
 * portraits 38 of 42 searches (tiny, ssd) stay below, and of the same portraits turned by 90, 180 and 270 degrees none
 * (from 1.17 up).
 */
const CLEARLY_UPRIGHT = 1;
/** Views about a face: side as a multiple of the face's, and pixels of the square that the tiny detector looks at. */
const VIEWS = [
  { grow: 2, size: 224 },
  { grow: 1.5, size: 160 },
] as const;
const MINIMUM_SCORE = 0.1;
/** How much the best turned view must exceed the best upright one. */
const MARGIN = 0.1;
/** Degrees. */
const LEANING = 25;
/** Frame pixels of residual that weigh as much as a score of 1. */
const RESIDUAL_SCALE = 4;

/**
 * Tells a face that lies on its side or stands upside down. Where its points are not clearly right, the tiny detector looks
 * at it in all four quarter turns, and the turn counts with the surest face and the best landmarks. Of 38 turned portraits
 * whose points an alignment would trust it tells all; of 21 upright ones, and of 16 tilted by 30 degrees, none; of 22 faces
 * in photos of groups it takes one for a turned one, and of 101 press photos four.
 */
export async function turnOf(
  photo: Photo,
  { box, points }: LocatedFace,
  pointsIn: (photo: Photo, box: Box) => Promise<Float32Array>,
): Promise<FaceTurn | undefined> {
  if (fitSimilarity(points, box).residual <= CLEARLY_UPRIGHT) return undefined;
  const evidence = [0, 0, 0, 0];
  for (const { grow, size } of VIEWS) {
    const side = grow * Math.max(box.width, box.height);
    const about = { x: box.x + (box.width - side) / 2, y: box.y + (box.height - side) / 2 };
    const part = insideOf(photo, { ...about, width: side, height: side });
    if (part === undefined) continue;
    let view: Photo = {
      pixels: Uint8Array.from(squarePicture(photo, part, size).values, Math.round),
      width: size,
      height: size,
    };
    for (let turns = 0; turns < evidence.length; turns++) {
      evidence[turns] = Math.max(evidence[turns], await evidenceIn(view, size, pointsIn));
      view = turnedClockwise(view);
    }
  }
  const [upright, ...turned] = evidence;
  const best = Math.max(...turned);
  if (best <= upright + MARGIN) return undefined;
  // A view that had to be turned by one quarter shows a face that was turned by three.
  const turn = ([270, 180, 90] as const)[turned.indexOf(best)];
  // Points that lean to the same side follow a face that leans far, and is half-way to lying on its side.
  const { roll } = poseOf(points);
  return (turn === 90 && roll >= LEANING) || (turn === 270 && roll <= -LEANING) ? undefined : turn;
}

/** How well a face in the middle of a view is seen as an upright one. */
async function evidenceIn(
  view: Photo,
  size: number,
  pointsIn: (photo: Photo, box: Box) => Promise<Float32Array>,
): Promise<number> {
  const faces = await look(view, 'tiny', MINIMUM_SCORE, undefined, size);
  const face = faces.find(({ box: { x, y, width, height } }) => {
    const [right, down] = [x + (width - size) / 2, y + (height - size) / 2];
    return Math.hypot(right, down) < size / 4 && width > size / 5;
  });
  const inside = face && insideOf(view, face.box);
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
