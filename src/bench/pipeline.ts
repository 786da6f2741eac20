import { EvopatchError } from '../core/errors.ts';
import { loadSharp } from '../core/packages.ts';
import { decodePhoto } from '../images/decode-photo.ts';
import { greyOf, type Photo } from '../images/photo.ts';
import { alignFace } from '../landmarks/alignment.ts';
import { openLandmarkDetector } from '../landmarks/face-api-detector.ts';
import { renderFrame } from '../landmarks/frame.ts';
import type { Box, LandmarkDetector } from '../landmarks/landmark-detector.ts';
import { clipToPhoto, cutPhoto } from '../landmarks/picture.ts';
import { wholeOf } from '../landmarks/similarity.ts';
import { macCount, parameterCount } from '../network/describe.ts';
import type { Engine } from '../nn/engine.ts';
import type { Network } from '../nn/network.ts';
import type { ExpressionModel } from '../prediction/expression-model.ts';
import { type Spread, spreadOf } from './timing.ts';

/** Longer side of the measured photo, pixels. */
export const PHOTO_SIDE = 640;
const CROP_SIDE = 48;

/** Times of one stage, milliseconds. */
export interface StageTime extends Spread {
  readonly stage: (typeof STAGES)[number];
}

const STAGES = [
  'decode',
  'detect',
  'landmarks',
  'frame',
  'network',
  'attributes',
  'own part',
  'total',
  'landmarks of a crop',
] as const;

/** Times of the stages from a photo to an expression, for one face on one core. */
export interface PipelineRecord {
  readonly engine: Engine['name'];
  readonly variant: string;
  readonly numerics: Engine['numerics'];
  readonly parameters: number;
  readonly macs: number;
  readonly photo: {
    readonly width: number;
    readonly height: number;
    readonly bytes: number;
    readonly face: Box;
  };
  /** Measurements behind each median. */
  readonly rounds: number;
  /**
   * `decode` of the file; `detect` without landmarks; `landmarks` of one face, its box cut out; `frame` with the grey
   * levels of the whole photo; `network` on one frame; `attributes` are gender and age. `own part`: everything except
   * face-api, from the landmarks to probabilities and patches. `total`: everything from the file on, in one call.
   * `landmarks of a crop`: of a picture of 48×48 pixels.
   */
  readonly stages: readonly StageTime[];
}

/**
 * Measures the stages for the face of a photo with the highest score; the detector's minimum score leaves the others out.
 *
 * @param open opens the model with a detector
 * @throws EvopatchError `INVALID_IMAGE`; `INVALID_DATA` if there is no face.
 */
export async function pipelineBenchmark(
  open: (detector: LandmarkDetector) => Promise<ExpressionModel<Network>>,
  file: string,
  rounds: number = 15,
): Promise<PipelineRecord> {
  const bytes = await shrunk(await decodePhoto(file));
  const photo = await decodePhoto(bytes);
  const [face, second] = await (await openLandmarkDetector()).detect(photo);
  if (face === undefined) {
    const hint = 'Give a photo that shows a face from the front.';
    throw new EvopatchError('INVALID_DATA', 'the tiny detector finds no face here', { file, hint });
  }
  const detector = await openLandmarkDetector({ minimumScore: (face.score + (second?.score ?? 0)) / 2 });
  const blind = await openLandmarkDetector({ minimumScore: 1 - 2 ** -20 }); // finds no face, so no landmarks either
  const model = await open(detector);
  const crop = cutPhoto(photo, clipToPhoto(photo, face.box) ?? wholeOf(photo));
  const smallCrop = await decodePhoto(await shrunk(crop, CROP_SIDE));
  const { align, frame } = model;
  const toFrame = () =>
    renderFrame(greyOf(photo), alignFace(align, face.box, face.points, frame).similarity, frame);
  const prepared = toFrame();

  const runs: Readonly<Record<(typeof STAGES)[number], () => unknown>> = {
    decode: () => decodePhoto(bytes),
    detect: () => blind.detect(photo),
    landmarks: () => detector.locate(crop),
    frame: toFrame,
    network: () => model.predictFrames(prepared),
    attributes: () => detector.attributesOf(photo, face),
    'own part': () => model.predictFaces(photo, { located: [face] }),
    total: () => model.predictFaces(bytes, { attributes: true }),
    'landmarks of a crop': () => detector.locate(smallCrop),
  };
  const spreads = await timeStages(
    STAGES.map((stage) => runs[stage]),
    rounds,
  );
  const { engine, spec } = model.network;
  return {
    engine: engine.name,
    variant: engine.variant,
    numerics: engine.numerics,
    parameters: parameterCount(spec),
    macs: macCount(spec),
    photo: { width: photo.width, height: photo.height, bytes: bytes.length, face: face.box },
    rounds,
    stages: STAGES.map((stage, i) => ({ stage, ...spreads[i] })),
  };
}

/** Measures the milliseconds of each run. The runs take turns; short ones repeat several times in each turn. */
async function timeStages(runs: readonly (() => unknown)[], rounds: number): Promise<Spread[]> {
  const times = runs.map((): number[] => []);
  const repeats = runs.map(() => 1);
  const minimum = 4;
  for (let round = -3; round < rounds; round++) {
    for (const [i, run] of runs.entries()) {
      const start = performance.now();
      for (let repeat = 0; repeat < repeats[i]; repeat++) await run();
      const time = (performance.now() - start) / repeats[i];
      if (round >= 0) times[i].push(time);
      else repeats[i] = Math.min(100, Math.max(1, Math.ceil(minimum / time)));
    }
  }
  return times.map(spreadOf);
}

/** Encodes a JPEG whose longer side is as given. Also limits sharp to one core from now on. */
async function shrunk({ pixels, width, height }: Photo, side = PHOTO_SIDE): Promise<Uint8Array> {
  const sharp = loadSharp();
  sharp.concurrency(1);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(side, side, { fit: 'inside' })
    .jpeg({ quality: 90 })
    .toBuffer();
}
