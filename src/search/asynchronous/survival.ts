import { frontOf } from '../objectives.ts';
import { creditAfter } from '../operator-rates.ts';
import { survivors } from '../samplers/nsga2.ts';
import type { Individual } from '../search-state.ts';
import { surrogate } from '../surrogate/screening.ts';
import type { Arrival, AsynchronousSettings, AsynchronousState } from './asynchronous-state.ts';

/**
 * Lets survival see the results that have arrived: updates population, front, credit of the operators and observations. A
 * genome that was trained further takes its own place; one whose training failed leaves.
 */
export function afterArrivals(state: AsynchronousState, settings: AsynchronousSettings): AsynchronousState {
  const { arrivals, progress } = state;
  if (arrivals.length === 0) return state;
  const before = progress.state;
  const latest = new Map(arrivals.map(({ proposal, individual }) => [proposal.hash, individual]));
  const arrived = [...latest.values()].filter((individual) => individual !== null);
  const others = (individuals: readonly Individual[]) => individuals.filter(({ hash }) => !latest.has(hash));
  const finished = arrived.filter(({ rung }) => rung === settings.topRung);
  const front = frontOf([...others(before.front), ...finished], settings);
  const candidates = [...others(before.population), ...arrived];
  const observations = surrogate.observe(
    before.observations,
    arrivals.flatMap(newlyMeasured),
    settings.bounds,
  );
  // Before anything has reached the top rung, the best of those on lower ones show which losses are useful.
  const best = front.length > 0 ? front : frontOf(candidates, settings);
  const population = survivors(candidates, { front: best, observations }, settings, surrogate.atTopRung);
  const inFront = new Set(front.map(({ hash }) => hash));
  const tried = arrivals.filter(({ isFirst }) => isFirst).map(({ proposal }) => proposal);
  const entered = finished.filter(({ hash }) => inFront.has(hash));
  const share = Math.min(1, tried.length / settings.population);
  const credit = creditAfter(before.credit, tried, entered, settings.operators, share);
  return {
    ...state,
    arrivals: [],
    progress: { ...progress, state: { ...before, population, front, credit, observations } },
  };
}

/** The individual with the loss of its last training alone, so that the surrogate learns each loss once. */
function newlyMeasured({ individual }: Arrival): Individual[] {
  if (individual === null) return [];
  const { rung, rungLosses } = individual;
  return [{ ...individual, rungLosses: rungLosses.map((loss, index) => (index === rung ? loss : null)) }];
}
