import type { GenerationRecord } from './events.ts';

/** How far a search is after its latest generation. */
export interface SearchEffort {
  readonly history: readonly GenerationRecord[];
  readonly elapsedSeconds: number;
}

/** A stopping criterion together with its progress, after pymoo's terminations; `firstOf` composes several. */
export interface Termination {
  /** Share of the allowed effort that is spent, from 0; the search ends at 1 and above. */
  progress(search: SearchEffort): number;
}

/** What can be limited, by the name of the option. */
const MEASURES = {
  generations: ({ history }) => history.length,
  maximumEvaluations: ({ history }) => history.reduce((sum, { evaluations }) => sum + evaluations, 0),
  maximumSamples: ({ history }) => history.at(-1)?.samplesSeen ?? 0,
  maximumSeconds: ({ elapsedSeconds }) => elapsedSeconds,
  stagnation: ({ history }) => {
    const volumes = history.map(({ hypervolume }) => hypervolume);
    return volumes.length - 1 - volumes.indexOf(Math.max(...volumes));
  },
} satisfies Record<string, (search: SearchEffort) => number>;

/** Limits on generations, evaluations, samples seen, seconds, and generations without a larger hypervolume. */
export type Limits = Readonly<Partial<Record<keyof typeof MEASURES, number>>>;

/** Ends a search as soon as the first of some limits is reached. */
export function terminationOf(limits: Limits): Termination {
  const names = Object.keys(MEASURES) as (keyof Limits)[];
  return firstOf(
    names.flatMap((name) => {
      const maximum = limits[name];
      return maximum === undefined ? [] : [{ progress: (search) => MEASURES[name](search) / maximum }];
    }),
  );
}

/** Ends a search as soon as one of some criteria does. */
export function firstOf(criteria: readonly Termination[]): Termination {
  return { progress: (search) => Math.max(0, ...criteria.map((one) => one.progress(search))) };
}
