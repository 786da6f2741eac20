import { afterEntry } from '../search/asynchronous/after-entry.ts';
import type { AsynchronousState } from '../search/asynchronous/asynchronous-state.ts';
import { decide } from '../search/asynchronous/decide.ts';
import type { Decision, LogEntry, Result } from '../search/asynchronous/log-entry.ts';
import { afterArrivals } from '../search/asynchronous/survival.ts';
import type { SearchProgress } from '../search/search-progress.ts';
import { OpenTrainings } from './open-trainings.ts';
import { type Search, totalFailure } from './search.ts';

/** An asynchronous search to run. */
export interface AsynchronousSearch extends Omit<Search, 'purpose' | 'from'> {
  /** The state that follows from the log. */
  readonly from: AsynchronousState;
  /** Adds an entry to the log: a decision before it is carried out, a result before it is used. */
  readonly onEntry: (entry: LogEntry) => Promise<void>;
  readonly elapsedSeconds: () => number;
}

/**
 * Keeps as many trainings under way as the evaluator works on at a time, and decides what to train next whenever one ends, until
 * the termination says so at the end of a generation or the trainer is stopped. Trainings that are then under way are given
 * up. All of it follows from the log: only the order in which results enter it depends on time.
 *
 * @throws EvopatchError `EVALUATION_FAILED` where every evaluation of a generation failed.
 */
export async function searchAsynchronously(search: AsynchronousSearch): Promise<SearchProgress> {
  const { settings, trainer, termination, onGeneration, onEntry, elapsedSeconds } = search;
  const trainings = new OpenTrainings(trainer);
  let state = search.from;
  let reported = state.progress.history.length;
  for (const training of state.open) trainings.start(training); // which an earlier process has begun
  try {
    while (!trainer.stopped && !isOver()) {
      if (await takeNext()) await reportGeneration();
      else if (trainings.size < trainer.parallelism) await decideNext();
      else await trainings.wait();
    }
  } finally {
    await trainings.giveUp();
  }
  while (await takeNext()); // of those that ended meanwhile
  trainer.noteUnplanned(state.cost.evaluations);
  return afterArrivals(state, settings).progress;

  function isOver(): boolean {
    const { progress, seconds } = state;
    return termination.progress({ history: progress.history, elapsedSeconds: seconds }) >= 1;
  }

  async function log(entry: Decision | Result): Promise<LogEntry> {
    const stamped = { ...entry, seconds: Math.round(1000 * elapsedSeconds()) / 1000 };
    await onEntry(stamped);
    return stamped;
  }

  async function decideNext(): Promise<void> {
    const { decision, next } = decide(state, settings);
    await log(decision);
    state = next;
    if (decision.type === 'bred') return;
    const { generation, rung, from, hash } = decision;
    if (from >= 0) trainer.emit({ type: 'promotion', promotion: { generation, rung, promoted: [hash] } });
    trainings.start(state.open[state.open.length - 1]);
  }

  async function takeNext(): Promise<boolean> {
    const result = trainings.next();
    if (result === undefined) return false;
    state = afterEntry(state, await log(result), settings);
    return true;
  }

  /** Reports the generation that has ended, if one has. */
  async function reportGeneration(): Promise<void> {
    const { progress, children } = state;
    if (progress.history.length === reported) return;
    reported = progress.history.length;
    const { index, evaluations, failures } = progress.history[reported - 1];
    if (failures === evaluations) throw totalFailure(index, failures, trainings.lastFailure);
    trainings.keepStatesOf(children.map(({ individual }) => individual.hash));
    await onGeneration?.(progress);
  }
}
