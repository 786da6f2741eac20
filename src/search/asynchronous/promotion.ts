import { randomStream } from '../../core/random.ts';
import { RATIO } from '../ladder.ts';
import { objectivesAtRung } from '../objectives.ts';
import { LUCKY_SHARE } from '../promotion.ts';
import { bestOfFirst } from '../selection.ts';
import type { AsynchronousSettings, AsynchronousState, Child } from './asynchronous-state.ts';

/**
 * The child to promote now, if there is one: successive halving without a barrier, as ASHA (Li et al. 2020, "A system for massively
 * parallel hyperparameter tuning", section 3). Every third training that ends on a rung opens a seat on the next one, and the
 * seat on the highest rung is taken first. It goes to the best child on the rung that has none yet: by non-dominated
 * rank, then by crowding distance, among the children of this generation and the one before, and the population at the same rung.
 * ASHA ranks all that ever ended on a rung; here children improve, so that late ones would all be promoted. Every fifth
 * seat is drawn by lot, since a rung may be wrong.
 */
export function nextPromotion(state: AsynchronousState, settings: AsynchronousSettings): Child | undefined {
  if (!settings.halving) return undefined;
  for (let rung = settings.topRung - 1; rung >= 0; rung--) {
    const { ended, taken } = state.seats[rung];
    if (taken >= Math.floor(ended / RATIO)) continue;
    const chosen = bestOn(rung, taken, state, settings);
    if (chosen !== undefined) return chosen;
  }
  return undefined;
}

function bestOn(
  rung: number,
  seat: number,
  { children, progress }: AsynchronousState,
  settings: AsynchronousSettings,
): Child | undefined {
  const waits = ({ individual, isPromoted }: Child) => individual.rung === rung && !isPromoted;
  const open = children.filter(waits);
  if (open.length < 2) return open[0];
  const period = Math.round(1 / LUCKY_SHARE);
  if (seat % period === period - 1) return randomStream(settings.seed, rung, seat, 'seat').pick(open);
  const recent = new Set(children.map(({ individual }) => individual.hash));
  const rivals = [
    ...children.filter((child) => !waits(child)).map(({ individual }) => individual),
    ...progress.state.population.filter(({ hash }) => !recent.has(hash)),
  ];
  const objectives = [...open.map(({ individual }) => individual), ...rivals].map(
    objectivesAtRung(rung, settings),
  );
  return open[bestOfFirst(open.length, objectives)];
}
