import { type Dataset, indicesOf } from '../data/dataset.ts';
import { groupsBy } from '../data/groups.ts';
import type { Network } from '../nn/network.ts';
import { occlusion } from '../saliency/occlusion.ts';
import { FEW_SAMPLES, subgroups } from '../saliency/subgroups.ts';
import { firstOfEachClass, HIDE } from './attention.ts';
import type { RunGroups } from './report-data.ts';

/** Faces whose attention all groups together may tell: a report takes seconds, however many columns there are. */
const MOST_FACES = 224;
/** Of each class in each group: with more a map hardly changes, with fewer it is one face's. */
const MOST_PER_CLASS = 16;
const FEWEST_PER_CLASS = 2;

/**
 * How a network does on the groups of the validation faces that each column of the data makes. Every group's attention is
 * that of as many faces of each class as the others', so that it does not differ by the mix of classes alone. People make
 * groups of their own where at least two of them have faces enough.
 */
export async function runGroups(
  network: Network,
  dataset: Dataset,
  signal?: AbortSignal,
): Promise<RunGroups[]> {
  const indices = indicesOf(dataset, 'validation');
  const columns = columnsOf(dataset, indices);
  const count = columns.reduce((sum, by) => sum + groupsBy(dataset, by, indices).length, 0);
  const share = Math.floor(MOST_FACES / (count * dataset.classes.length));
  const facesPerClass = share < FEWEST_PER_CLASS ? 0 : Math.min(share, MOST_PER_CLASS);
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
