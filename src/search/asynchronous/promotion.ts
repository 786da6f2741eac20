import { randomStream } from '../../core/random.ts';
import { RATIO } from '../ladder.ts';
import { referencePoint } from '../objectives.ts';
import { LUCKY_SHARE } from '../promotion.ts';
import { bestOfFirst } from '../selection.ts';
import type { AsynchronousSettings, AsynchronousState, Child } from './asynchronous-state.ts';
import { Candidates } from './candidates.ts';

/**
 * The child to promote now, if there is one: successive halving without a barrier, as ASHA (Li et al. 2020, "A system for massively
 * parallel hyperparameter tuning", section 3). Every third training that ends on a rung opens a seat on the next one, and the
 * seat on the highest rung is taken first. It goes to the best child on the rung that has none yet: by non-dominated
 * rank, then by what it adds to the hypervolume, among the children of this generation and the one before, and the population at the
 * same rung. The crowding distance would give a single seat to an extreme each time, which may be a network that learns nothing.
 * ASHA ranks all that ever ended on a rung; here children improve, so that late ones would all be promoted. Every fifth
 * seat is drawn by lot, since a rung may be wrong.
 */
export function nextPromotion(state: AsynchronousState, settings: AsynchronousSettings): Child | undefined {
  if (!settings.halving) return undefined;
  for (let rung = settings.topRung - 1; rung >= 0; rung--) {
    const { ended, taken } = state.seats[rung];
    if (taken >= Math.floor(ended / RATIO)) continue;
    const chosen = bestOn(rung, taken, candidatesOf(state, settings), settings);
    if (chosen !== undefined) return chosen;
  }
  return undefined;
}

function bestOn(
  rung: number,
  seat: number,
  candidates: Candidates,
  settings: AsynchronousSettings,
): Child | undefined {
  const open = candidates.waitingOn(rung);
  if (open.length < 2) return open[0];
  const period = Math.round(1 / LUCKY_SHARE);
  if (seat % period === period - 1) return randomStream(settings.seed, rung, seat, 'seat').pick(open);
  const reference = Object.values(referencePoint(settings));
  return open[bestOfFirst(open.length, candidates.objectivesOn(rung), reference)];
}

/** By settings, since those of the state before are what those of this one follow from. */
const latest = new WeakMap<AsynchronousSettings, Candidates>();

function candidatesOf(state: AsynchronousState, settings: AsynchronousSettings): Candidates {
  const candidates = latest.get(settings) ?? new Candidates(settings);
  latest.set(settings, candidates);
  candidates.follow(state);
  return candidates;
}
