import { resolve } from 'node:path';
import { EvopatchError } from '../core/errors.ts';
import { isPipe } from '../core/pipe.ts';
import { isSynthetic } from '../data/load-dataset.ts';
import type { DATA_OPTIONS, OptionValues } from './command.ts';

/** Options that change what a data set holds; the others change how fast it is there. */
const KEPT = ['data', 'points', 'align', 'faces', 'classes', 'votes', 'encoding', 'on-bad-image'] as const;

/** What `run.json` calls data that came through standard input or a pipe. */
const PIPED = '-';

/** How a data set was loaded, for `run.json`: what was given, paths in full. */
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
 * The data of a run that goes on: what is given now, or where they lay when it began.
 *
 * @throws EvopatchError `INVALID_OPTION` where nothing is given and the run does not say, or where they came through a pipe.
 */
export function dataOfRun(given: string | undefined, source: Readonly<Record<string, string>> = {}): string {
  const data = given ?? source.data;
  if (given === undefined && data === PIPED) {
    const hint = 'Write what came through it to a file, and give that: --data FILE.';
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
  const hint = 'The run was begun by a program that left no word of it';
  throw new EvopatchError('INVALID_OPTION', 'this option is needed', { option: '--data', hint });
}
