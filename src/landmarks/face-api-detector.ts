import { EvopatchError } from '../core/errors.ts';
import type { Photo } from '../images/photo.ts';
import { type Detection, faceApiVersion, openFaceApi, openNetwork, type Tensor } from './face-api.ts';
import { distance, featureCentre } from './face-pose.ts';
import type { Box, FaceAttributes, LandmarkDetector, LocatedFace } from './landmark-detector.ts';
import { checkPhoto, cutPicture, insideOf, type Picture, squarePicture } from './picture.ts';
import { wholeOf } from './similarity.ts';

export type FaceDetectorName = 'tiny' | 'ssd';

export interface DetectorOptions {
  /** `tiny` takes less than half of the time of `ssd`, which also finds profiles and half-hidden faces. */
  readonly detector?: FaceDetectorName;
  /** Least score of a face, between 0 and 1; unless given 0.3 for `tiny` and 0.5 for `ssd`. */
  readonly minimumScore?: number;
}

/**
 * Chosen on 21 portraits, 6 photos of 22 faces and 240 pieces of those photos without a face: from 0.3 the tiny detector
 * finds all portraits (from 0.5 all but one) and invents 5 faces in the empty pieces (from 0.5 still 3), none of them in
 * a whole photo; ssd finds every face from 0.5 and invents none (in a third of the pieces).
 */
const MINIMUM_SCORE = { tiny: 0.3, ssd: 0.5 };
/**
 * Share of a box that boxes of higher scores may cover. The tiny detector invents faces between two neighbours, half on
 * the one and half on the other, with scores as high as those of true faces.
 */
const LARGEST_COVER = 0.5;
/** Sides of the squares that the networks look at, pixels. */
const INPUT_SIZE = { tiny: 416, ssd: 512, landmarks: 112, attributes: 112 };
/**
 * How far to the left the 68-point network puts its points, in pixels of its input: half the sum of what it says of a face
 * and of the mirrored face is that much off the middle, in the median over 21 portraits as over 250 crops of FER2013.
 */
const LEFTWARD_ERROR = 0.8;
/** Counts the changes of how pictures are prepared for the networks. */
const PREPARATION = 2;

/** Names what a detector with these options computes, without opening it. */
export function detectorVersion({ detector = 'tiny', minimumScore }: DetectorOptions = {}): string {
  const score = minimumScore ?? MINIMUM_SCORE[detector];
  return `${faceApiVersion()}, preparation ${PREPARATION}, ${detector} from ${score}`;
}

/**
 * Opens face-api's detectors, its 68-point network and its network of age and gender, in this thread. Networks are read
 * when they are first needed.
 *
 * @throws EvopatchError `ENGINE_UNAVAILABLE`; `INVALID_OPTION`
 */
export async function openLandmarkDetector(options: DetectorOptions = {}): Promise<LandmarkDetector> {
  const { detector = 'tiny' } = options;
  if (detector !== 'tiny' && detector !== 'ssd') {
    throw invalid('no such face detector', 'detector', detector, 'It is tiny or ssd.');
  }
  const { minimumScore = MINIMUM_SCORE[detector] } = options;
  if (!(minimumScore > 0 && minimumScore < 1)) {
    throw invalid('not a score', 'minimumScore', minimumScore, 'It lies between 0 and 1.');
  }
  await openFaceApi();
  return {
    version: detectorVersion(options),

    async detect(photo) {
      checkPhoto(photo);
      const faces: LocatedFace[] = [];
      for (const { box, score } of await detectBoxes(photo, detector, minimumScore)) {
        const inside = insideOf(photo, detector === 'ssd' ? asTiny(box) : box);
        if (inside) faces.push({ box, score, points: await pointsIn(photo, inside) });
      }
      return faces;
    },

    async locate(crop) {
      checkPhoto(crop);
      const box = wholeOf(crop);
      return { box, score: 1, points: await pointsIn(crop, box) };
    },

    async attributesOf(photo, face) {
      checkPhoto(photo);
      const box = insideOf(photo, attributeBox(face.points)) ?? insideOf(photo, face.box);
      return attributesIn(photo, box ?? wholeOf(photo));
    },
  };
}

async function detectBoxes(photo: Photo, detector: FaceDetectorName, minimumScore: number) {
  const picture = cutPicture(photo, wholeOf(photo), INPUT_SIZE[detector]);
  const detections =
    detector === 'tiny' ? await detectTiny(picture, minimumScore) : await detectSsd(picture, minimumScore);
  const found = detections.map(({ box, score }) => ({
    box: wholePixels(box, picture.factor),
    score: Math.fround(score),
  }));
  found.sort((a, b) => b.score - a.score || a.box.x - b.box.x || a.box.y - b.box.y);
  return found.filter(({ box }, rank) => {
    const covered = found.slice(0, rank).reduce((sum, better) => sum + overlap(box, better.box), 0);
    return covered <= LARGEST_COVER * box.width * box.height;
  });
}

async function detectTiny(picture: Picture, scoreThreshold: number): Promise<Detection[]> {
  const network = await openNetwork('tinyFaceDetector');
  const options = { inputSize: INPUT_SIZE.tiny, scoreThreshold };
  return withTensor(picture, (tensor) => network.locateFaces(tensor, options));
}

async function detectSsd(picture: Picture, minConfidence: number): Promise<Detection[]> {
  const network = await openNetwork('ssdMobilenetv1');
  return withTensor(picture, (tensor) => network.locateFaces(tensor, { minConfidence }));
}

/**
 * The 68-point network knows the boxes of the tiny detector. Those of ssd are narrower and end above the chin; given the
 * same shape, the median error at the corners of mouths falls from 4.4 to 2.2 % of the distance between the pupils.
 */
function asTiny({ x, y, width, height }: Box): Box {
  return { x: x - 0.15 * width, y: y + 0.13 * height, width: 1.3 * width, height };
}

/** Pixels that two boxes share. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** Whole pixels, so that a last bit of the detector's JavaScript does not reach the landmarks. */
function wholePixels({ x, y, width, height }: Box, factor: number): Box {
  const left = Math.round(x * factor) + 0; // + 0 turns −0 into 0
  const top = Math.round(y * factor) + 0;
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.round((x + width) * factor) - left),
    height: Math.max(1, Math.round((y + height) * factor) - top),
  };
}

async function pointsIn(photo: Photo, box: Box): Promise<Float32Array> {
  const network = await openNetwork('faceLandmark68Net');
  const square = squarePicture(photo, box, INPUT_SIZE.landmarks);
  const { positions } = await withTensor(square, (picture) => network.detectLandmarks(picture));
  return Float32Array.from(positions.flatMap(({ x, y }) => square.toPhoto(x + LEFTWARD_ERROR, y)));
}

async function attributesIn(photo: Photo, box: Box): Promise<FaceAttributes> {
  const network = await openNetwork('ageGenderNet');
  const square = squarePicture(photo, box, INPUT_SIZE.attributes);
  const { gender, genderProbability, age } = await withTensor(square, (picture) =>
    network.predictAgeAndGender(picture),
  );
  return { gender, genderProbability, age };
}

/** The square about the eyes and the mouth that face-api's network of age and gender expects (dlib's alignment). */
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

async function withTensor<Result>(
  { values, width, height }: Picture,
  use: (picture: Tensor) => Promise<Result>,
): Promise<Result> {
  const { tf } = await openFaceApi();
  const tensor = tf.tensor3d(values, [height, width, 3]);
  try {
    return await use(tensor);
  } finally {
    tensor.dispose();
  }
}

function invalid(problem: string, option: string, given: unknown, hint: string): EvopatchError {
  return new EvopatchError('INVALID_OPTION', problem, { option, given, hint });
}
