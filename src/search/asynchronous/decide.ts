import { startRung } from '../ladder.ts';
import { samplers } from '../samplers.ts';
import type { Proposal } from '../search-state.ts';
import { afterBreeding, afterStart } from './after-entry.ts';
import type { AsynchronousSettings, AsynchronousState, Child } from './asynchronous-state.ts';
import type { Decision, Training } from './log-entry.ts';
import { nextPromotion } from './promotion.ts';
import { afterArrivals } from './survival.ts';

/** Children that are bred at a time, as a share of the population: breeding ranks all of it, and fits the surrogate. */
const BROOD_SHARE = 1 / 4;
/** Larger broods would know less, and the cost of screening grows faster than their size. */
const MAX_BROOD = 8;

/**
 * Decides what to do for a free worker, by what is known now: first members of the front that get a further seed, then children
 * that have earned a place on a higher rung, then the next child, which may have to be bred first.
 *
 * @returns the decision, and the state after it
 * @throws EvopatchError `INVALID_OPTION` where the bounds leave no new genomes.
 */
export function decide(
  state: AsynchronousState,
  settings: AsynchronousSettings,
): { readonly decision: Decision; readonly next: AsynchronousState } {
  const known = state.ended;
  const chosen = nextTraining(state, settings);
  if (chosen !== undefined) {
    const decision = { type: 'started', known, ...chosen.training } as const;
    return { decision, next: afterStart(state, decision, chosen.promoted) };
  }
  const ready = afterArrivals(state, settings);
  const proposals = breed(ready, settings);
  return { decision: { type: 'bred', known, proposals }, next: afterBreeding(ready, proposals) };
}

function nextTraining(
  state: AsynchronousState,
  settings: AsynchronousSettings,
): { readonly training: Training; readonly promoted?: Child } | undefined {
  const { halving, topRung, plans, ladder } = settings;
  const generation = state.progress.history.length;
  const common = { training: state.started, repeat: 0, generation };
  const [member] = state.repeats;
  if (member !== undefined) {
    const repeat = member.losses.length;
    return { training: { ...common, hash: member.hash, from: -1, rung: topRung, repeat } };
  }
  const promoted = nextPromotion(state, settings);
  if (promoted !== undefined) {
    const { hash, rung } = promoted.individual;
    return { training: { ...common, hash, from: rung, rung: rung + 1 }, promoted };
  }
  const [child] = state.nursery;
  const first = halving ? startRung(generation, plans, ladder.length) : topRung;
  return child && { training: { ...common, hash: child.hash, from: -1, rung: first } };
}

/** Breeds children of all that survival has seen; until the first generation has ended, draws them at random. */
function breed({ progress }: AsynchronousState, settings: AsynchronousSettings): Proposal[] {
  const { state, history } = progress;
  if (state.generation === 0) return samplers.nsga2.ask(state, settings);
  const size = Math.max(1, Math.min(MAX_BROOD, Math.round(BROOD_SHARE * settings.population)));
  const parents = history.length === 0 ? [] : state.population;
  return samplers.nsga2.ask({ ...state, population: parents }, { ...settings, population: size });
}
