import { EvopatchError } from '../core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Genome } from '../genome/genome.ts';
import { parseGenome } from '../genome/parse-genome.ts';
import type { Model } from '../nn/model-file.ts';
import { occlusion } from '../saliency/occlusion.ts';
import { type ClassMaps, occlusionMaps } from '../saliency/region-table.ts';
import type { CommandContext, OptionTable, OptionValues } from './command.ts';

/** Ways to say what a network looks at. */
const MAPS = ['occlusion', 'patches'] as const;

export const ATTENTION_OPTIONS = {
  map: {
    kind: 'text',
    placeholder: 'KIND',
    choices: MAPS,
    description:
      "What counts as looking: 'occlusion', how much the loss rises when a sliding square is hidden behind the mean " +
      "face; 'patches', the same with one patch hidden after the other.",
    default: 'occlusion',
  },
  square: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 64,
    description: 'Side of the sliding square, pixels',
    default: '8',
  },
  step: {
    kind: 'integer',
    placeholder: 'N',
    minimum: 1,
    maximum: 64,
    description: 'Pixels by which it slides',
    default: '4',
  },
} as const satisfies OptionTable;

/** The genome that a model was made from, where it has one. */
export function genomeOf({ genome }: Model): Genome | undefined {
  return genome === undefined ? undefined : parseGenome(genome);
}

/**
 * Maps of what a model looks at in some faces.
 *
 * @throws EvopatchError `INVALID_MODEL` for patches of a model without any; `ABORTED`.
 */
export async function attentionMaps(
  { model, dataset, indices }: { model: Model; dataset: Dataset; indices: Uint32Array },
  {
    map = 'occlusion',
    square = 8,
    step = 4,
    model: file,
  }: Partial<OptionValues<typeof ATTENTION_OPTIONS>> & { model: string },
  { signal }: CommandContext,
): Promise<ClassMaps> {
  const asked = { network: model.network, dataset, indices, signal };
  if (map === 'occlusion') return occlusionMaps(await occlusion({ ...asked, hide: { square, step } }));
  const genome = genomeOf(model);
  if (genome === undefined) {
    throw new EvopatchError('INVALID_MODEL', 'the model has no genome, so no patches to hide', { file });
  }
  return occlusionMaps(await occlusion({ ...asked, hide: genome }));
}
