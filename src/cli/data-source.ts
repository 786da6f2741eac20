import { resolve } from 'node:path';
import { isSynthetic } from '../data/load-dataset.ts';
import type { DATA_OPTIONS, OptionValues } from './command.ts';

/** Options that change what a data set holds; the others change how fast it is there. */
const KEPT = ['data', 'points', 'align', 'faces', 'classes', 'votes', 'encoding', 'on-bad-image'] as const;

/** How a data set was loaded, for `run.json`: what was given, paths in full. */
export function dataSourceOf(values: OptionValues<typeof DATA_OPTIONS>): Record<string, string> {
  return Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = values[name];
      if (value === undefined) return [];
      const isPath =
        name === 'points' || name === 'votes' || (name === 'data' && value !== '-' && !isSynthetic(value));
      return [[name, isPath ? resolve(value) : value]];
    }),
  );
}
