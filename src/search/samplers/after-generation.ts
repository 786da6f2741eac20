import type { Surrogate } from '../breeding.ts';
import type { Score } from '../objective.ts';
import { frontOf } from '../objectives.ts';
import { creditAfter } from '../operator-rates.ts';
import {
  type Individual,
  individualsOf,
  type Proposal,
  type SearchSettings,
  type SearchState,
} from '../search-state.ts';

/**
 * Takes in the scores of a generation, as all samplers do: updates the front, the credit of the operators and the
 * observations. A failed child enters none of them.
 *
 * @param survive selects who may have children next, of the population (first) and its children
 */
export function afterGeneration(
  state: SearchState,
  settings: SearchSettings,
  proposals: readonly Proposal[],
  scores: readonly (Score | null)[],
  observe: Surrogate['observe'],
  survive: (
    candidates: readonly Individual[],
    known: Pick<SearchState, 'front' | 'observations'>,
  ) => readonly Individual[],
): SearchState {
  const children = individualsOf(state.generation, proposals, scores);
  const finished = children.filter(({ rung }) => rung === settings.topRung);
  const front = frontOf([...state.front, ...finished], settings);
  const observations = observe(state.observations, children, settings.bounds);
  // Before anything has reached the top rung, the best of those on lower ones show which losses are useful.
  const best = front.length > 0 ? front : frontOf(children, settings);
  const inFront = new Set(front.map(({ hash }) => hash));
  const entered = proposals.filter(({ hash }) => inFront.has(hash));
  return {
    generation: state.generation + 1,
    population: survive([...state.population, ...children], { front: best, observations }),
    front,
    seen: [...state.seen, ...proposals.map(({ hash }) => hash)],
    credit: creditAfter(state.credit, proposals, entered, settings.operators),
    observations,
  };
}

/** Replaces the scores of some individuals, as after a further evaluation with another seed. */
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
