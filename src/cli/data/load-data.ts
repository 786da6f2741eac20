import { defaultCacheFolder } from '../../core/cache-folder.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { parseClassChoice } from '../../data/class-choice.ts';
import { classWarnings } from '../../data/class-counts.ts';
import type { Dataset } from '../../data/dataset.ts';
import { indicesOf, SPLITS } from '../../data/dataset.ts';
import { isSynthetic, loadDataset } from '../../data/load-dataset.ts';
import type { LoadOptions } from '../../data/load-options.ts';
import { formatCount } from '../../summary/format.ts';
import { writeLine } from '../../summary/live-lines.ts';
import type { CommandContext, DATA_OPTIONS, OptionValues } from '../command.ts';
import { classTable } from './class-table.ts';
import { LoadingLine } from './loading-line.ts';

/** A thread that searches for landmarks takes about 100 MB. */
const MAX_SEARCH_THREADS = 8;

/** Characters of a line where the width of the terminal is unknown. */
const DEFAULT_TABLE_WIDTH = 110;

type DataValues = OptionValues<Omit<typeof DATA_OPTIONS, 'data'>>;

/**
 * Loads the data that a command line names, and describes them.
 *
 * @param values.workers threads to use; at most 8 of them search for landmarks
 */
export async function loadData(
  values: DataValues & { readonly data: string; readonly workers?: number },
  { signal, progress }: CommandContext,
): Promise<Dataset> {
  const line = new LoadingLine(progress);
  const warnings: string[] = [];
  const { points, align, workers } = values;
  const dataset = await loadDataset(values.data, {
    points,
    align: align as LoadOptions['align'],
    workers: workers === undefined ? undefined : Math.min(workers, MAX_SEARCH_THREADS),
    ...(isSynthetic(values.data) ? {} : await pictureOptions(values, progress)),
    signal,
    onProgress: line.show,
    classes: values.classes === undefined ? undefined : parseClassChoice(values.classes),
    encoding: values.encoding,
    votes: values.votes,
    onSkip: line.skip,
    onWarning: (message) => warnings.push(message),
  }).finally(line.end);
  warnings.push(...classWarnings(dataset));
  const table = classTable(dataset, progress.columns || DEFAULT_TABLE_WIDTH);
  for (const text of [describe(dataset), ...table.split('\n'), ...warnings.map(asWarning)]) {
    writeLine(progress, text);
  }
  return dataset;
}

/**
 * Gives the options for reading and searching pictures. Works without a cache where none is named and the default folder is
 * not available.
 */
export async function pictureOptions(
  { faces, cache, 'on-bad-image': onBadImage }: Pick<DataValues, 'faces' | 'cache' | 'on-bad-image'>,
  progress: CommandContext['progress'],
): Promise<LoadOptions> {
  let cacheFolder = cache === 'none' ? undefined : (cache ?? defaultCacheFolder());
  if (cache === undefined && cacheFolder === undefined) {
    progress.write('nothing is cached: there is no home folder; --cache DIR names another folder\n');
  } else if (cache === undefined && cacheFolder !== undefined) {
    await makeFolder(cacheFolder).catch((cause: Error) => {
      cacheFolder = undefined;
      writeLine(progress, `nothing is cached: ${cause.message}`);
    });
  }
  return {
    faces: faces as LoadOptions['faces'],
    onBadImage: onBadImage as LoadOptions['onBadImage'],
    cacheFolder,
  };
}

function asWarning(message: string): string {
  return `warning: ${message}`;
}

function describe(dataset: Dataset): string {
  const { name, count, classes, unaligned, skipped } = dataset;
  const splits = SPLITS.map((split) => `${formatCount(indicesOf(dataset, split).length)} ${split}`);
  return [
    `${name}: ${formatCount(count)} faces, ${classes.length} classes (${splits.join(', ')})`,
    ...(unaligned > 0 ? [`${formatCount(unaligned)} not aligned`] : []),
    ...(skipped > 0 ? [`${formatCount(skipped)} left out`] : []),
  ].join('; ');
}
