import { describeValue } from '../core/describe-value.ts';
import { EvopatchError } from '../core/errors.ts';
import { readModel } from '../ensemble/ensemble-file.ts';
import { openImage } from '../images/open-image.ts';
import type { FaceSearch } from '../landmarks/face-search.ts';
import type { LandmarkDetector } from '../landmarks/landmark-detector.ts';
import { type Engine, openEngine } from '../nn/engine.ts';
import type { ExpressionModel } from './expression-model.ts';
import { faceFinder } from './face-finder.ts';
import { modelReading } from './reading.ts';

export interface LoadModelOptions {
  /** The engine that runs the network, or its name as in `openEngine`. @defaultValue 'auto' */
  readonly engine?: Engine | string;
  /** How to search a photo for faces. @defaultValue 'auto' */
  readonly faces?: FaceSearch;
  /** A detector of faces and landmarks that replaces face-api. */
  readonly detector?: LandmarkDetector;
}

/**
 * Loads a model or an ensemble from a file, ready to read faces. Its field `network` holds the network or the ensemble;
 * `singleNetwork` narrows the model to one with a single network.
 *
 * @throws EvopatchError `INVALID_MODEL` if the file is damaged or the model reads other frames than this release makes,
 * `FILE_SYSTEM`, `ENGINE_UNAVAILABLE`, `INVALID_OPTION` if there is no such engine or `file` is not a path.
 */
export async function loadModel(file: string, options: LoadModelOptions = {}): Promise<ExpressionModel> {
  if (typeof file !== 'string') {
    const data = { option: 'file', given: describeValue(file), hint: 'Give the path of a model file.' };
    throw new EvopatchError('INVALID_OPTION', 'not the path of a file', data);
  }
  const { engine = 'auto', faces = 'auto', detector } = options;
  const model = await readModel(file, typeof engine === 'string' ? await openEngine(engine) : engine);
  return modelReading(model, { finder: faceFinder(faces, detector), openImage }, file);
}
