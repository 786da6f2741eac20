// Reads faces away from the page, so that the page never waits: face-api finds them, the models of evopatch read them.
import {
  costOf,
  EvopatchError,
  FACE_FRAME,
  faceAt,
  followLandmarks,
  type LocatedFace,
  loadModel,
  openEngine,
  type PageModel,
} from 'evopatch/browser';
import { openDetector } from './face-networks.ts';
import type {
  Answers,
  FacePlace,
  Failure,
  OpenedModel,
  OpenRequest,
  ReadRequest,
  Reply,
  Request,
} from './protocol.ts';

/** The face that a face frame holds. */
const FRAMED_FACE = faceAt([FACE_FRAME.noseX, FACE_FRAME.noseY], FACE_FRAME.size - 2 * FACE_FRAME.border);

const starting = Promise.all([openEngine(), openDetector()]);
const follower = starting.then(([, detector]) => followLandmarks(detector));
let models: readonly { readonly model: PageModel; readonly about: OpenedModel }[] = [];

async function open({ name, bytes }: OpenRequest): Promise<Answers['open']> {
  const [engine, detector] = await starting;
  const model = await loadModel(bytes, { engine, detector });
  const { parameters } = costOf(model.network);
  const about = { name, classes: model.classes, parameters, share: await shareRead(model) };
  const key = classKey(model);
  const others = models.filter((one) => classKey(one.model) !== key);
  models = [{ model, about }, ...others];
  return models.map((one) => one.about);
}

const classKey = ({ classes }: PageModel) => [...classes].sort().join('\n');

/** Counts the pixels of the face frame inside the patches of a model. */
async function shareRead(model: PageModel): Promise<number | undefined> {
  const { size, border } = FACE_FRAME;
  const blank = { pixels: new Uint8Array(size * size), width: size, height: size };
  const [{ patches }] = await model.predictFaces(blank, { located: [FRAMED_FACE] });
  if (patches.length === 0) return undefined;
  const read = new Set<number>();
  for (const {
    corners: [[left, top], , [right, bottom]],
  } of patches) {
    for (let y = Math.round(top); y < Math.round(bottom); y++) {
      for (let x = Math.round(left); x < Math.round(right); x++) read.add(y * size + x);
    }
  }
  return read.size / (size - 2 * border) ** 2;
}

async function read({ picture, place }: ReadRequest): Promise<Answers['read']> {
  try {
    const located = await locate(picture, place);
    const answers = await Promise.all(models.map(({ model }) => model.predictFaces(picture, { located })));
    return located.map((_, face) => answers.map((faces) => faces[face]));
  } finally {
    picture.close();
  }
}

async function locate(picture: ImageBitmap, place: FacePlace): Promise<readonly LocatedFace[]> {
  if (place === 'frame') return [FRAMED_FACE];
  const [, detector] = await starting;
  const photo = photoOf(picture);
  if (place === 'whole') return [await detector.locate(photo)];
  return place === 'camera' ? (await follower)(photo) : detector.detect(photo);
}

/** Red, green and blue of each pixel. */
function photoOf(picture: ImageBitmap) {
  const { width, height } = picture;
  const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    pixels[to++] = data[from];
    pixels[to++] = data[from + 1];
    pixels[to++] = data[from + 2];
  }
  return { pixels, width, height };
}

function failureOf(error: unknown): Failure {
  if (error instanceof EvopatchError)
    return { code: error.code, problem: error.problem, hint: error.data.hint };
  return { problem: error instanceof Error ? error.message : String(error) };
}

addEventListener('message', async ({ data: [id, request] }: MessageEvent<[id: number, request: Request]>) => {
  const answering = request.ask === 'open' ? open(request) : read(request);
  const reply = await answering.then(
    (value): Reply => ({ id, value }),
    (error: unknown): Reply => ({ id, failure: failureOf(error) }),
  );
  postMessage(reply);
});
