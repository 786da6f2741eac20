import type { Dataset } from '../data/dataset.ts';
import { indicesOf, SPLITS } from '../data/dataset.ts';
import { loadDataset } from '../data/load-dataset.ts';
import { formatCount } from '../summary/format.ts';
import type { CommandContext } from './command.ts';

/** Loads the data that a command line names and says what they are. */
export async function loadData(
  { data, points }: { readonly data: string; readonly points?: string },
  { signal, progress }: CommandContext,
): Promise<Dataset> {
  let unaligned = 0;
  const dataset = await loadDataset(data, {
    points,
    signal,
    onProgress: (loaded) => {
      unaligned = loaded.unaligned;
    },
  });
  const splits = SPLITS.map((split) => `${formatCount(indicesOf(dataset, split).length)} ${split}`).join(
    ', ',
  );
  const crooked = points !== undefined && unaligned > 0 ? `; ${formatCount(unaligned)} not aligned` : '';
  const { name, count, classes } = dataset;
  progress.write(`${name}: ${formatCount(count)} faces, ${classes.length} classes (${splits})${crooked}\n`);
  return dataset;
}
