import { repeatsOf } from './ladder.ts';
import type { Score } from './objective.ts';
import type { Individual, SearchState } from './search-state.ts';

type Settings = Parameters<typeof repeatsOf>[1];

/** Selects the members of the front that are trained again after a generation, those with the fewest seeds first. */
export function selectRepeats({ front }: SearchState, generation: number, settings: Settings): Individual[] {
  const open = front.filter(({ losses }) => losses.length < settings.repeats);
  return open.toSorted((a, b) => a.losses.length - b.losses.length).slice(0, repeatsOf(generation, settings));
}

/** Adds an evaluation with a further seed to a score: what it measures becomes the mean over all seeds. */
export function withRepeat<Scored extends Score>(
  score: Scored,
  { loss, accuracy, values }: Pick<Score, 'loss' | 'accuracy' | 'values'>,
): Scored {
  const count = score.losses.length;
  const losses = [...score.losses, loss];
  return {
    ...score,
    losses,
    loss: losses.reduce((sum, value) => sum + value, 0) / losses.length,
    accuracy: (score.accuracy * count + accuracy) / (count + 1),
    ...(values && { values: meanValues(score.values ?? values, values, count) }),
  };
}

/** The means of values after a further seed, from those over the first `count` seeds. */
function meanValues(
  before: Readonly<Record<string, number>>,
  latest: Readonly<Record<string, number>>,
  count: number,
): Record<string, number> {
  const means = Object.entries(latest).map(([name, value]) => [
    name,
    (before[name] * count + value) / (count + 1),
  ]);
  return Object.fromEntries(means);
}
