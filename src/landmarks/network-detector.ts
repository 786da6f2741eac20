import { EvopatchError } from '../core/errors.ts';
import type { Photo } from '../images/photo.ts';
import { type FaceDetectorName, findBoxes, MINIMUM_SCORE } from './face-boxes.ts';
import type { FaceNetworks } from './face-networks.ts';
import { distance, featureCentre } from './face-pose.ts';
import { turnOf } from './face-turn.ts';
import type { Box, FaceAttributes, LandmarkDetector, LocatedFace } from './landmark-detector.ts';
import { checkPhoto, clipToPhoto, squarePicture } from './picture.ts';
import { wholeOf } from './similarity.ts';

export interface DetectorOptions {
  /**
   * `tiny` takes a quarter of the time of `ssd`, which also finds profiles and half-hidden faces. `all` begins with tiny; if no
   * face fills the photo, it also runs ssd, on the whole photo and on pieces of it, for small faces.
   */
  readonly detector?: FaceDetectorName;
  /** Minimum score of a face, between 0 and 1. @defaultValue 0.3 for `tiny`, else 0.5 */
  readonly minimumScore?: number;
}

/** Sides of the square inputs of the networks, pixels. */
const INPUT_SIZE = { landmarks: 112, attributes: 112 };
/**
 * How far to the left the 68-point network shifts its points, in pixels of its input: the mean of the points of a face and of the
 * mirrored face is off the middle by this much, in the median over 21 portraits and over 250 crops of FER2013.
 */
const LEFTWARD_ERROR = 0.8;
/** Version of the preparation of pictures for the networks. */
const PREPARATION = 2;

/**
 * Makes a detector of face-api's detectors, its 68-point network and its network for age and gender. It opens each network at its
 * first use.
 *
 * @param version names the networks and what runs them
 * @throws EvopatchError `INVALID_OPTION`
 */
export function networkDetector(
  networks: FaceNetworks,
  version: string,
  options: DetectorOptions = {},
): Required<LandmarkDetector> {
  const { detector = 'tiny' } = options;
  if (!Object.hasOwn(MINIMUM_SCORE, detector)) {
    throw invalid('no such face detector', 'detector', detector, 'It is tiny, ssd or all.');
  }
  const { minimumScore = MINIMUM_SCORE[detector] } = options;
  if (!(minimumScore > 0 && minimumScore < 1)) {
    throw invalid('not a score', 'minimumScore', minimumScore, 'It lies between 0 and 1.');
  }
  const pointsIn = (photo: Photo, box: Box) => pointsOf(networks, photo, box);
  return {
    version: describeDetector(version, options),

    async detect(photo) {
      checkPhoto(photo);
      const faces: LocatedFace[] = [];
      for (const { network, box, score } of await findBoxes(networks, photo, detector, minimumScore)) {
        const inside = clipToPhoto(photo, network === 'ssd' ? toTinyBox(box) : box);
        if (inside) faces.push({ box, score, points: await pointsIn(photo, inside) });
      }
      return faces;
    },

    async locate(crop) {
      checkPhoto(crop);
      const box = wholeOf(crop);
      return { box, score: 1, points: await pointsIn(crop, box) };
    },

    async turnOf(photo, face) {
      checkPhoto(photo);
      return turnOf(networks, photo, face, pointsIn);
    },

    async attributesOf(photo, face) {
      checkPhoto(photo);
      const box = clipToPhoto(photo, attributeBox(face.points)) ?? clipToPhoto(photo, face.box);
      return attributesIn(networks, photo, box ?? wholeOf(photo));
    },
  };
}

/** Names what a detector with these options computes. @param version names the networks and what runs them */
export function describeDetector(
  version: string,
  { detector = 'tiny', minimumScore }: DetectorOptions,
): string {
  const score = minimumScore ?? MINIMUM_SCORE[detector];
  return `${version}, preparation ${PREPARATION}, ${detector} from ${score}`;
}

/**
 * Converts a box of ssd to one as tiny draws it, which the 68-point network expects. Boxes of ssd are narrower and end above the
 * chin; after the conversion, the median error at the corners of mouths falls from 4.4 to 2.2 % of the distance between the
 * pupils.
 */
function toTinyBox({ x, y, width, height }: Box): Box {
  return { x: x - 0.15 * width, y: y + 0.13 * height, width: 1.3 * width, height };
}

async function pointsOf(networks: FaceNetworks, photo: Photo, box: Box): Promise<Float32Array> {
  const network = await networks.open('faceLandmark68Net');
  const square = squarePicture(photo, box, INPUT_SIZE.landmarks);
  const { positions } = await networks.withTensor(square, (picture) => network.detectLandmarks(picture));
  return Float32Array.from(positions.flatMap(({ x, y }) => square.toPhoto(x + LEFTWARD_ERROR, y)));
}

async function attributesIn(networks: FaceNetworks, photo: Photo, box: Box): Promise<FaceAttributes> {
  const network = await networks.open('ageGenderNet');
  const square = squarePicture(photo, box, INPUT_SIZE.attributes);
  const { gender, genderProbability, age } = await networks.withTensor(square, (picture) =>
    network.predictAgeAndGender(picture),
  );
  return { gender, genderProbability, age };
}

/** Computes the square around the eyes and the mouth that face-api's network for age and gender expects (dlib's alignment). */
function attributeBox(points: ArrayLike<number>): Box {
  const left = featureCentre(points, 'leftEye');
  const right = featureCentre(points, 'rightEye');
  const mouth = featureCentre(points, 'mouth');
  const size = (distance(left, mouth) + distance(right, mouth)) / 2 / 0.45;
  return {
    x: (left[0] + right[0] + mouth[0]) / 3 - 0.5 * size,
    y: (left[1] + right[1] + mouth[1]) / 3 - 0.43 * size,
    width: size,
    height: size,
  };
}

function invalid(problem: string, option: string, given: unknown, hint: string): EvopatchError {
  return new EvopatchError('INVALID_OPTION', problem, { option, given, hint });
}
