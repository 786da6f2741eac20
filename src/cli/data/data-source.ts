import { resolve } from 'node:path';
import { EvopatchError } from '../../core/errors.ts';
import { isPipe } from '../../core/pipe.ts';
import { isSynthetic } from '../../data/load-dataset.ts';
import { DATA_OPTIONS, type OptionValues, type TextSpec } from '../command.ts';

/** The name in `run.json` of data that came through standard input or a pipe. */
const PIPED = '-';

/** Records how a data set was loaded, for `run.json`: the given options except the cache, with absolute paths. */
export function dataSourceOf(values: OptionValues<typeof DATA_OPTIONS>): Record<string, string> {
  const { cache: _, ...recorded } = DATA_OPTIONS;
  return Object.fromEntries(
    Object.entries<TextSpec>(recorded).flatMap(([name, { input }]) => {
      const value = values[name as keyof typeof recorded];
      if (value === undefined) return [];
      if (name === 'data' && isPipe(value)) return [[name, PIPED]];
      const isPath = input !== undefined && !(name === 'data' && isSynthetic(value));
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
