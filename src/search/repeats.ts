import { repeatsOf } from './ladder.ts';
import type { Individual, Score, SearchState } from './search-state.ts';

type Settings = Parameters<typeof repeatsOf>[1];

/** Selects the members of the front that are trained again after a generation, those with the fewest seeds first. */
export function selectRepeats({ front }: SearchState, generation: number, settings: Settings): Individual[] {
  const open = front.filter(({ losses }) => losses.length < settings.repeats);
  return open.toSorted((a, b) => a.losses.length - b.losses.length).slice(0, repeatsOf(generation, settings));
}

/** Adds an evaluation with a further seed to a score: loss and accuracy become the means over all seeds. */
export function withRepeat<Scored extends Score>(
  score: Scored,
  { loss, accuracy }: Pick<Score, 'loss' | 'accuracy'>,
): Scored {
  const count = score.losses.length;
  const losses = [...score.losses, loss];
  return {
    ...score,
    losses,
    loss: losses.reduce((sum, value) => sum + value, 0) / losses.length,
    accuracy: (score.accuracy * count + accuracy) / (count + 1),
  };
}
