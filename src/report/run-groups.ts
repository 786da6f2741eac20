import { type Dataset, indicesOf } from '../data/dataset.ts';
import { groupsBy } from '../data/groups.ts';
import type { Network } from '../nn/network.ts';
import { occlusion } from '../saliency/occlusion.ts';
import { FEW_SAMPLES, subgroups } from '../saliency/subgroups.ts';
import { firstOfEachClass, HIDE } from './attention.ts';
import type { RunGroups } from './report-data.ts';

/** Faces that attention is measured on, in all groups together, so that a report takes seconds. */
const MAX_FACES = 224;
/** Faces of each class in each group: more hardly change a map, fewer make it that of one face. */
const MAX_PER_CLASS = 16;
const MIN_PER_CLASS = 2;

/**
 * Measures a network on the groups of the validation faces that each column of the data forms. Attention is measured on
 * equally many faces of each class in every group, so that it does not differ by the mix of classes alone. Subjects form
 * groups too where at least two of them have enough faces.
 */
export async function runGroups(
  network: Network,
  dataset: Dataset,
  signal?: AbortSignal,
): Promise<RunGroups[]> {
  const indices = indicesOf(dataset, 'validation');
  const columns = columnsOf(dataset, indices);
  const count = columns.reduce((sum, by) => sum + groupsBy(dataset, by, indices).length, 0);
  const share = Math.floor(MAX_FACES / (count * dataset.classes.length));
  const facesPerClass = share < MIN_PER_CLASS ? 0 : Math.min(share, MAX_PER_CLASS);
  const attention = async (part: Uint32Array) => {
    const faces = firstOfEachClass(dataset, part, facesPerClass);
    return (await occlusion({ network, dataset, indices: faces, hide: HIDE, signal })).lossRise;
  };
  const found: RunGroups[] = [];
  for (const by of columns) {
    const groups = await subgroups({
      network,
      dataset,
      indices,
      by,
      attention: facesPerClass > 0 ? attention : undefined,
    });
    found.push({ ...groups, facesPerClass });
  }
  return found;
}

function columnsOf(dataset: Dataset, indices: Uint32Array): string[] {
  const named = [...(dataset.groups?.keys() ?? [])];
  if (dataset.subjects === undefined) return named;
  const known = groupsBy(dataset, 'subject', indices).filter(({ indices: own }) => own.length >= FEW_SAMPLES);
  return known.length < 2 ? named : [...named, 'subject'];
}
