import { EvopatchError } from '../../core/errors.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { Genome } from '../../genome/genome.ts';
import { parseGenome } from '../../genome/parse-genome.ts';
import type { Model } from '../../nn/model.ts';
import { classSaliency } from '../../saliency/class-saliency.ts';
import { SALIENCY_METHODS } from '../../saliency/explainer.ts';
import { occlusion } from '../../saliency/occlusion.ts';
import { type ClassMaps, occlusionMaps } from '../../saliency/region-table.ts';
import { LiveLines } from '../../summary/live-lines.ts';
import type { CommandContext, OptionTable, OptionValues } from '../command.ts';

/** Methods that map what a network looks at. */
const MAPS = ['occlusion', 'patches', ...SALIENCY_METHODS] as const;

export const ATTENTION_OPTIONS = {
  map: {
    kind: 'text',
    placeholder: 'KIND',
    choices: MAPS,
    description:
      "The measure of attention: 'occlusion' is the rise of the loss while the mean face covers a sliding square; " +
      "'patches' is the same for one patch at a time; the others are absolute gradients of the true class's score, as " +
      "'evopatch saliency' draws them.",
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
    description: 'Pixels from one position of the square to the next',
    default: '4',
  },
} as const satisfies OptionTable;

/** Reads the genome of a model, where it has one. */
export function genomeOf({ genome }: Model): Genome | undefined {
  return genome === undefined ? undefined : parseGenome(genome);
}

/** Checks that the map suits the model. @throws EvopatchError `INVALID_MODEL` for patches of a model without any. */
export function checkMap(model: Model, { map, model: file }: { map?: string; model: string }): void {
  if (map === 'patches') patchesOf(model, file);
}

function patchesOf(model: Model, file: string): Genome {
  const genome = genomeOf(model);
  if (genome !== undefined) return genome;
  throw new EvopatchError('INVALID_MODEL', 'the model has no genome, so no patches to hide', { file });
}

/**
 * Maps what a model looks at in the given faces.
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
  { signal, progress }: CommandContext,
): Promise<ClassMaps> {
  const line = new LiveLines(progress);
  const onProgress = (share: number) =>
    line.draw([`${map}: ${Math.floor(100 * share)} %`.slice(0, line.width)]);
  const options = { network: model.network, dataset, indices, signal, onProgress };
  const method = SALIENCY_METHODS.find((name) => name === map);
  try {
    if (method !== undefined) return await classSaliency({ ...options, method, explained: 'true' });
    if (map === 'occlusion') return occlusionMaps(await occlusion({ ...options, hide: { square, step } }));
    return occlusionMaps(await occlusion({ ...options, hide: patchesOf(model, file) }));
  } finally {
    line.clear();
  }
}
