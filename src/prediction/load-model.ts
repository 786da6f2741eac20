import { describeValue } from '../core/describe-value.ts';
import { EvopatchError } from '../core/errors.ts';
import type { Predictor } from '../ensemble/ensemble.ts';
import { readModel } from '../ensemble/ensemble-file.ts';
import { parseGenome } from '../genome/parse-genome.ts';
import { ALIGNMENTS, type AlignmentMethod } from '../landmarks/alignment.ts';
import type { FaceSearch } from '../landmarks/face-search.ts';
import { FACE_FRAME } from '../landmarks/frame-geometry.ts';
import type { LandmarkDetector } from '../landmarks/landmark-detector.ts';
import { type Engine, openEngine } from '../nn/engine.ts';
import { describeFrame, type Model } from '../nn/model.ts';
import { type ExpressionModel, expressionModel } from './expression-model.ts';
import { faceFinder } from './face-finder.ts';

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
  if (describeFrame(model.frame) !== describeFrame(FACE_FRAME)) {
    const problem = 'the model reads other face frames than this release makes';
    throw new EvopatchError('INVALID_MODEL', problem, { file, given: model.frame });
  }
  const align = alignmentOf(model, file);
  return expressionModel(model, {
    align,
    genome: genomeOf(model, file),
    finder: faceFinder(faces, detector),
  });
}

/** Reads the alignment of a model; models without the field were trained with the default. */
function alignmentOf({ info: { align = 'similarity' } }: Model<Predictor>, file: string): AlignmentMethod {
  const method = ALIGNMENTS.find((one) => one === align);
  if (method !== undefined) return method;
  const hint = `This release knows ${ALIGNMENTS.join(', ')}`;
  throw new EvopatchError('INVALID_MODEL', 'there is no such alignment', { file, given: align, hint });
}

function genomeOf({ genome }: Model<Predictor>, file: string) {
  if (genome === undefined) return undefined;
  try {
    return parseGenome(genome);
  } catch (cause) {
    if (!(cause instanceof EvopatchError)) throw cause;
    throw new EvopatchError('INVALID_MODEL', cause.problem, { ...cause.data, file }, cause);
  }
}
