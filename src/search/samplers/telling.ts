import { frontOf } from '../objectives.ts';
import { creditAfter } from '../operator-rates.ts';
import {
  type Individual,
  newborns,
  type Proposal,
  type Score,
  type SearchSettings,
  type SearchState,
} from '../search-state.ts';
import { observationsAfter } from '../surrogate/observations.ts';

/**
 * What all samplers have in common when they are told the scores of a generation: the front, the credit of the
 * operators, and what is known. A failed child never enters anything.
 *
 * @param survive who may have children next, of the population (first) and the newborn
 */
export function afterGeneration(
  state: SearchState,
  settings: SearchSettings,
  proposals: readonly Proposal[],
  scores: readonly (Score | null)[],
  survive: (
    candidates: readonly Individual[],
    known: Pick<SearchState, 'front' | 'observations'>,
  ) => readonly Individual[],
): SearchState {
  const children = newborns(state.generation, proposals, scores);
  const finished = children.filter(({ rung }) => rung === settings.topRung);
  const front = frontOf([...state.front, ...finished], settings);
  const observations = observationsAfter(state.observations, children, settings.bounds);
  // Before anything has reached the top rung, the best of those on lower ones say what is of use.
  const best = front.length > 0 ? front : frontOf(children, settings);
  const entered = new Set(front.map(({ hash }) => hash));
  return {
    generation: state.generation + 1,
    population: survive([...state.population, ...children], { front: best, observations }),
    front,
    seen: [...state.seen, ...proposals.map(({ hash }) => hash)],
    credit: creditAfter(state.credit, proposals, ({ hash }) => entered.has(hash)),
    observations,
  };
}

/** The state with the scores of some individuals replaced, as after a further evaluation with another seed. */
export function withScores(
  state: SearchState,
  settings: Pick<SearchSettings, 'bounds' | 'objectives'>,
  scores: ReadonlyMap<string, Score>,
): SearchState {
  const update = (individual: Individual): Individual => ({ ...individual, ...scores.get(individual.hash) });
  return {
    ...state,
    population: state.population.map(update),
    front: frontOf(state.front.map(update), settings),
  };
}
