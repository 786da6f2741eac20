import type { Photo } from '../images/photo.ts';
import type { Detection, FaceNetworks } from './face-networks.ts';
import type { Box } from './landmark-detector.ts';
import { cutPicture } from './picture.ts';
import { wholeOf } from './similarity.ts';

/** A detected face. */
export interface FoundBox {
  readonly network: 'tiny' | 'ssd';
  readonly box: Box;
  readonly score: number;
}

/** The detectors that can look for faces in a photo. */
export type FaceDetectorName = 'tiny' | 'ssd' | 'all';

/**
 * Chosen on 21 portraits, 6 photos of 22 faces and 240 pieces of those photos without a face: with a minimum of 0.3 the tiny
 * detector finds all portraits (with 0.5 all but one) and invents 5 faces in the empty pieces (with 0.5 still 3), none of them in
 * a whole photo; with 0.5 ssd finds every face and invents none (in a third of the pieces).
 */
export const MINIMUM_SCORE = { tiny: 0.3, ssd: 0.5, all: 0.5 } as const satisfies Record<
  FaceDetectorName,
  number
>;
/**
 * Added to the minimum score in pieces of a photo. On 8 composed groups (80 faces, 12 to 380 pixels wide), 21 portraits and the 6
 * photos, a minimum of 0.6 in pieces loses no face and invents none; 0.5 invents two more in portraits.
 */
const PIECE_MARGIN = 0.1;
/** Sides of the square inputs of the networks, pixels. */
const INPUT_SIZE = { tiny: 416, ssd: 512 };
/**
 * Maximum share of a box that boxes with higher scores may cover. The tiny detector invents faces between two neighbours, half on
 * each of them, with scores as high as those of true faces.
 */
const MAX_COVER = 0.5;
/** Minimum share of the smaller box that two boxes of one face have in common, from either network. */
const SAME_FACE = 0.4;
/** A face that fills this share of the photo's longer side makes it a portrait, and the search ends. */
const PORTRAIT_SHARE = 0.3;
/** A face below this share of the photo's longer side suggests further faces, too small to find in the whole photo. */
const SMALL_SHARE = 0.1;
/** Side of a piece as a share of the photo's longer side, and the step between pieces as a share of their side. */
const PIECE_SHARE = 0.4;
const PIECE_STEP = 0.75;
/** A face this close to an inner edge of its piece is cut off there, and whole in the next piece. */
const CUT_OFF_SHARE = 0.02;

/** Finds the faces of a photo, the highest score first. */
export async function findBoxes(
  networks: FaceNetworks,
  photo: Photo,
  detector: FaceDetectorName,
  minimumScore: number,
): Promise<FoundBox[]> {
  const found =
    detector === 'all'
      ? await findAll(networks, photo, minimumScore)
      : await look(networks, photo, detector, minimumScore);
  return found.toSorted(byScore);
}

/**
 * Finds the tiny detector's faces; if none of them fills the photo, adds those of ssd; if these are small or absent, adds those
 * of ssd in overlapping pieces of the photo. Later passes keep the faces of earlier ones. It takes 1 to 10 passes: 0.06, 0.4 and
 * 3 s on one core of a server.
 */
async function findAll(networks: FaceNetworks, photo: Photo, minimumScore: number): Promise<FoundBox[]> {
  const longer = Math.max(photo.width, photo.height);
  const shares = (faces: readonly FoundBox[]) =>
    faces.map(({ box }) => Math.max(box.width, box.height) / longer);
  const found = await look(networks, photo, 'tiny', MINIMUM_SCORE.tiny);
  if (shares(found).some((share) => share >= PORTRAIT_SHARE)) return found;
  addFurther(found, await look(networks, photo, 'ssd', minimumScore));
  if (found.length > 0 && shares(found).every((share) => share >= SMALL_SHARE)) return found;
  const further: FoundBox[] = [];
  for (const piece of piecesOf(photo)) {
    const faces = await look(networks, photo, 'ssd', minimumScore + PIECE_MARGIN, piece);
    further.push(...faces.filter(({ box }) => !isCutOff(box, piece, photo)));
  }
  addFurther(found, further);
  return found;
}

/** Adds the faces that are not in the list yet. */
function addFurther(found: FoundBox[], further: readonly FoundBox[]): void {
  for (const face of further.toSorted(byScore)) {
    const known = found.some(
      ({ box }) => overlap(box, face.box) > SAME_FACE * Math.min(areaOf(box), areaOf(face.box)),
    );
    if (!known && !isCovered(face, found)) found.push(face);
  }
}

/** Lists squares, clipped to the photo, that cover it and overlap by a quarter or more. */
function piecesOf(photo: Photo): Box[] {
  const side = Math.ceil(PIECE_SHARE * Math.max(photo.width, photo.height));
  const [width, height] = [Math.min(side, photo.width), Math.min(side, photo.height)];
  const starts = (length: number, piece: number) => {
    const last = Math.ceil((length - piece) / (PIECE_STEP * side));
    return Array.from({ length: last + 1 }, (_, i) =>
      last === 0 ? 0 : Math.round((i * (length - piece)) / last),
    );
  };
  return starts(photo.height, height).flatMap((y) =>
    starts(photo.width, width).map((x) => ({ x, y, width, height })),
  );
}

function isCutOff(box: Box, piece: Box, photo: Photo): boolean {
  const margin = CUT_OFF_SHARE * Math.max(piece.width, piece.height);
  return (
    (piece.x > 0 && box.x < piece.x + margin) ||
    (piece.y > 0 && box.y < piece.y + margin) ||
    (piece.x + piece.width < photo.width && box.x + box.width > piece.x + piece.width - margin) ||
    (piece.y + piece.height < photo.height && box.y + box.height > piece.y + piece.height - margin)
  );
}

/** Runs one network on a part of a photo; keeps the highest score of boxes that cover one another. */
export async function look(
  networks: FaceNetworks,
  photo: Photo,
  network: 'tiny' | 'ssd',
  minimumScore: number,
  part: Box = wholeOf(photo),
  inputSize: number = INPUT_SIZE[network],
): Promise<FoundBox[]> {
  const picture = cutPicture(photo, part, inputSize);
  const detections = await networks.withTensor(picture, async (tensor): Promise<Detection[]> => {
    if (network === 'ssd') {
      return (await networks.open('ssdMobilenetv1')).locateFaces(tensor, { minConfidence: minimumScore });
    }
    const options = { inputSize, scoreThreshold: minimumScore };
    return (await networks.open('tinyFaceDetector')).locateFaces(tensor, options);
  });
  const found = detections.map(({ box, score }) => ({
    network,
    box: wholePixels(box, picture.factor, part),
    score: Math.fround(score),
  }));
  found.sort(byScore);
  return found.filter((face, rank) => !isCovered(face, found.slice(0, rank)));
}

function isCovered({ box }: FoundBox, by: readonly FoundBox[]): boolean {
  return by.reduce((sum, other) => sum + overlap(box, other.box), 0) > MAX_COVER * areaOf(box);
}

function byScore(a: FoundBox, b: FoundBox): number {
  return b.score - a.score || a.box.x - b.box.x || a.box.y - b.box.y;
}

function areaOf({ width, height }: Box): number {
  return width * height;
}

/** Counts the pixels that two boxes share. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** Rounds a box to whole pixels of the photo, so that rounding errors of the detector's JavaScript do not reach the landmarks. */
function wholePixels({ x, y, width, height }: Box, factor: number, part: Box): Box {
  const left = Math.round(x * factor) + 0; // + 0 turns −0 into 0
  const top = Math.round(y * factor) + 0;
  return {
    x: part.x + left,
    y: part.y + top,
    width: Math.max(1, Math.round((x + width) * factor) - left),
    height: Math.max(1, Math.round((y + height) * factor) - top),
  };
}
