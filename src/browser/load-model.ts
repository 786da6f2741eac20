import { describeValue } from '../core/describe-value.ts';
import { EvopatchError } from '../core/errors.ts';
import type { Predictor } from '../ensemble/ensemble.ts';
import { modelOfContent } from '../ensemble/ensemble-content.ts';
import type { LandmarkDetector } from '../landmarks/landmark-detector.ts';
import { onOriginals } from '../landmarks/on-originals.ts';
import type { Engine } from '../nn/arena.ts';
import { brokenSeal, namingModel, openSealed, type Sealed } from '../nn/sealed.ts';
import type { ExpressionModel, FaceFinder } from '../prediction/expression-model.ts';
import { modelReading } from '../prediction/reading.ts';
import { openEngine, type PageEngine } from './engine.ts';
import { openPageImage, type PageImage } from './page-image.ts';

export interface LoadModelOptions {
  /** The engine that runs the network, or its name as in `openEngine`. @defaultValue 'auto' */
  readonly engine?: Engine | PageEngine;
  /** What finds faces and landmarks, such as `faceApiDetector`; without it, say where the faces are (`located`). */
  readonly detector?: LandmarkDetector;
}

const HINT = 'Fetch the file again or train the model anew';

/** A model that reads faces in a page. */
export type PageModel = ExpressionModel<Predictor, PageImage>;

/**
 * Loads a model or an ensemble from the bytes of its file, ready to read faces. It gives the same probabilities, to the bit, as
 * Node with an engine of the same numerics.
 *
 * @throws EvopatchError `INVALID_MODEL` if the bytes are damaged or the model reads other frames than this release makes,
 * `ENGINE_UNAVAILABLE`, also on pages without https, `MISSING_PACKAGE`, `INVALID_OPTION`.
 */
export async function loadModel(
  bytes: Uint8Array | ArrayBuffer,
  options: LoadModelOptions = {},
): Promise<PageModel> {
  const { engine = 'auto', detector } = options;
  const opened = bytesOf(bytes);
  const file = namingModel(undefined, HINT, () => openSealed(opened));
  await checkSeal(file);
  const runner = typeof engine === 'string' ? await openEngine(engine) : engine;
  const model = namingModel(undefined, HINT, () => modelOfContent(file.content(), runner));
  return modelReading(model, {
    finder: finderOf(detector),
    openImage: async (image) => openPageImage(image),
  });
}

function bytesOf(bytes: Uint8Array | ArrayBuffer): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  const hint = 'Give the bytes of a model file: await (await fetch(address)).arrayBuffer()';
  const data = { option: 'bytes', given: describeValue(bytes), hint };
  throw new EvopatchError('INVALID_OPTION', 'not the bytes of a file', data);
}

async function checkSeal({ seal, sealed }: Sealed): Promise<void> {
  if (globalThis.crypto?.subtle === undefined) {
    const hint = 'Browsers hash only for pages that come by https or from localhost.';
    throw new EvopatchError('ENGINE_UNAVAILABLE', 'the checksum of the model cannot be computed', { hint });
  }
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(sealed)));
  if (seal !== Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')) throw brokenSeal();
}

/** Finds faces by the detector, if there is one. */
function finderOf(detector: LandmarkDetector | undefined): FaceFinder {
  const open = () => {
    if (detector !== undefined) return onOriginals(detector);
    const hint =
      "Say where they are: predictFaces(image, { located: [faceAt([x, y], side)] }). Or give loadModel the option 'detector', such as faceApiDetector(faceapi).";
    const data = { option: 'detector', hint };
    throw new EvopatchError('INVALID_OPTION', 'nothing looks for faces here', data);
  };
  return {
    find: async (photo) => (await open().detect(photo)).filter(({ score }) => score > 0),
    locate: async (photo) => await open().locate(photo),
    attributesOf: async (photo, face) => await open().attributesOf(photo, face),
  };
}
