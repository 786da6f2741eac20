import { randomStream } from '../../../src/core/random.ts';
import { afterEntry } from '../../../src/search/asynchronous/after-entry.ts';
import {
  type AsynchronousSettings,
  type AsynchronousState,
  initialAsynchronousState,
  type OpenTraining,
} from '../../../src/search/asynchronous/asynchronous-state.ts';
import { decide } from '../../../src/search/asynchronous/decide.ts';
import type { LogEntry } from '../../../src/search/asynchronous/log-entry.ts';
import type { Score } from '../../../src/search/objective.ts';
import { settings as generational, scoreOf } from '../searching.ts';

export const settings: AsynchronousSettings = {
  ...generational,
  topRung: 2,
  halving: true,
  ladder: [1, 2, 6].map((epochs) => ({ rows: 2000, epochs })),
  plans: [{ from: 0, generations: 6 }],
  repeats: 3,
};

/** The score of a training: the loss falls from rung to rung, by an amount of the genome's own. */
export function scoreAt({ proposal, rung, repeat, below }: OpenTraining): Score {
  const own = randomStream('rungs', proposal.hash, repeat).uniform();
  const { loss, ...score } = scoreOf(proposal, rung);
  const here = loss + (2 - rung) * own + 0.01 * repeat * own;
  const rungLosses = [...(below?.rungLosses ?? Array<null>(rung).fill(null)), here];
  return { ...score, loss: here, losses: [here], rungLosses };
}

export interface Work {
  readonly settings?: AsynchronousSettings;
  readonly workers: number;
  readonly generations: number;
  /** Picks the training that ends next, of those under way. */
  readonly next?: (open: readonly OpenTraining[]) => number;
  readonly fails?: (training: OpenTraining) => boolean;
}

/** A whole search on a landscape: its log, and the state after each entry. */
export function work({ generations, workers, next = () => 0, fails = () => false, ...given }: Work) {
  const own = given.settings ?? settings;
  let state = initialAsynchronousState(own);
  const log: LogEntry[] = [];
  const states: AsynchronousState[] = [state];
  while (state.progress.history.length < generations) {
    const seconds = log.length;
    if (state.open.length < workers) {
      const decided = decide(state, own);
      log.push({ ...decided.decision, seconds });
      state = decided.next;
    } else {
      const training = state.open[next(state.open)];
      const score = fails(training) ? null : scoreAt(training);
      const entry = { type: 'ended', training: training.training, score, seconds } as const;
      log.push(entry);
      state = afterEntry(state, entry, own);
    }
    states.push(state);
  }
  return { log, states, state };
}
