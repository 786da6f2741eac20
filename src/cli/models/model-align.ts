import { EvopatchError } from '../../core/errors.ts';
import type { Predictor } from '../../ensemble/ensemble.ts';
import { ALIGNMENTS, type AlignmentMethod } from '../../landmarks/alignment.ts';
import type { Model } from '../../nn/model.ts';

/**
 * Finds how the faces were aligned that a model was trained on; 'similarity' where the model does not name it.
 *
 * @throws EvopatchError `INVALID_MODEL` for an alignment that this release does not know.
 */
export function alignOf({ info }: Pick<Model<Predictor>, 'info'>, file: string): AlignmentMethod {
  const { align = 'similarity' } = info;
  const known = ALIGNMENTS.find((method) => method === align);
  if (known !== undefined) return known;
  const hint = `Give --align as one of ${ALIGNMENTS.join(', ')}`;
  throw new EvopatchError('INVALID_MODEL', 'this release does not know the alignment of the model', {
    file,
    given: align,
    hint,
  });
}
