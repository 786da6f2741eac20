import { resolve } from 'node:path';
import { EvopatchError } from '../../core/errors.ts';
import { isPipe } from '../../core/pipe.ts';
import { isSynthetic } from '../../data/load-dataset.ts';
import type { DATA_OPTIONS, OptionValues } from '../command.ts';

/** Options that change the content of a data set; the others only change how fast it loads. */
const KEPT = ['data', 'points', 'align', 'faces', 'classes', 'votes', 'encoding', 'on-bad-image'] as const;

/** The name in `run.json` of data that came through standard input or a pipe. */
const PIPED = '-';

/** Records how a data set was loaded, for `run.json`: the given options, with absolute paths. */
export function dataSourceOf(values: OptionValues<typeof DATA_OPTIONS>): Record<string, string> {
  return Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = values[name];
      if (value === undefined) return [];
      if (name === 'data' && isPipe(value)) return [[name, PIPED]];
      const isPath = name === 'points' || name === 'votes' || (name === 'data' && !isSynthetic(value));
      return [[name, isPath ? resolve(value) : value]];
    }),
  );
}

/**
 * Finds the data of a run to resume: the given data, or those of its start.
 *
 * @throws EvopatchError `INVALID_OPTION` where nothing is given and the run does not name its data, or they came through a pipe.
 */
export function dataOfRun(given: string | undefined, source: Readonly<Record<string, string>> = {}): string {
  const data = given ?? source.data;
  if (given === undefined && data === PIPED) {
    const hint = 'Write them to a file, and give --data FILE';
    throw new EvopatchError(
      'INVALID_OPTION',
      'the data of the run came through a pipe, which cannot be read again',
      {
        option: '--data',
        hint,
      },
    );
  }
  if (data !== undefined) return data;
  const hint = 'The program that started the run did not record where its data are';
  throw new EvopatchError('INVALID_OPTION', 'this option is required', { option: '--data', hint });
}
