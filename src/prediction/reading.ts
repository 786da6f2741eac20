import { EvopatchError } from '../core/errors.ts';
import type { Predictor } from '../ensemble/ensemble.ts';
import { readGenome } from '../genome/genome-schema.ts';
import { ALIGNMENTS, type AlignmentMethod } from '../landmarks/alignment.ts';
import { FACE_FRAME } from '../landmarks/frame-geometry.ts';
import { describeFrame, type Model } from '../nn/model.ts';
import { type ExpressionModel, expressionModel, type Reading } from './expression-model.ts';

/**
 * Makes a model from a file read faces.
 *
 * @param file its name, for errors; `undefined` for bytes in memory
 * @throws EvopatchError `INVALID_MODEL` if it reads other frames, or was made in other ways, than this release knows.
 */
export function modelReading<Source>(
  model: Model<Predictor>,
  using: Pick<Reading<Source>, 'finder' | 'openImage'>,
  file?: string,
): ExpressionModel<Predictor, Source> {
  if (describeFrame(model.frame) !== describeFrame(FACE_FRAME)) {
    const problem = 'the model reads other face frames than this release makes';
    throw new EvopatchError('INVALID_MODEL', problem, { file, given: model.frame });
  }
  const align = alignmentOf(model, file);
  return expressionModel(model, { align, genome: genomeOf(model, file), ...using });
}

/** Reads the alignment of a model; models without the field were trained with the default. */
function alignmentOf(
  { info: { align = 'similarity' } }: Model<Predictor>,
  file: string | undefined,
): AlignmentMethod {
  const method = ALIGNMENTS.find((one) => one === align);
  if (method !== undefined) return method;
  const hint = `This release knows ${ALIGNMENTS.join(', ')}`;
  throw new EvopatchError('INVALID_MODEL', 'there is no such alignment', { file, given: align, hint });
}

function genomeOf({ genome }: Model<Predictor>, file: string | undefined) {
  if (genome === undefined) return undefined;
  try {
    return readGenome(genome);
  } catch (cause) {
    if (!(cause instanceof EvopatchError)) throw cause;
    throw new EvopatchError('INVALID_MODEL', cause.problem, { ...cause.data, file }, cause);
  }
}
