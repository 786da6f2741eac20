import { PLAIN_CONTROLS } from '../genome/controls.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import type { GenerationRecord } from '../search/events.ts';
import { plannedEvaluations } from '../search/ladder.ts';

/** What is known, in the course of a run, about the number of its trainings. */
export interface RunCourse {
  /** The generations that have ended. */
  readonly history: readonly GenerationRecord[];
  /** Whether the search is over. */
  readonly isSearched: boolean;
  /** Number of genomes that are trained in full. */
  readonly finalists: number;
  /** Trainings whose number nobody knows before: of random layouts, and those that shrink a genome. */
  readonly unplanned: number;
}

/** Number of trainings that a run takes in total, as far as that is known. */
export function plannedTrainings(
  settings: EvolveSettings,
  { history, isSearched, finalists, unplanned }: RunCourse,
): number {
  const { generations, baseline, controls } = settings;
  let total =
    finalists +
    Number(baseline) +
    (controls === 'none' ? 0 : PLAIN_CONTROLS.length) +
    Number(controls === 'all') +
    unplanned;
  for (const { evaluations } of history) total += evaluations;
  if (isSearched) return total;
  for (let index = history.length; index < generations; index++) total += plannedEvaluations(index, settings);
  return total;
}
