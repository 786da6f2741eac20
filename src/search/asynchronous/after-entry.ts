import { generationSize, samplesSeen } from '../ladder.ts';
import type { Score } from '../objective.ts';
import { selectRepeats, withRepeat } from '../repeats.ts';
import { withScores } from '../samplers/after-generation.ts';
import { progressAfter } from '../search-progress.ts';
import { type Individual, individualOf, type Proposal } from '../search-state.ts';
import {
  type AsynchronousSettings,
  type AsynchronousState,
  type Child,
  NO_COST,
  type OpenTraining,
  refuseLog,
} from './asynchronous-state.ts';
import type { LogEntry, Training } from './log-entry.ts';
import { afterArrivals } from './survival.ts';

/**
 * The state after an entry of the log. To replay a log is to apply this to its entries, from the first one on.
 *
 * @throws EvopatchError `INVALID_RUN` for an entry that does not follow from those before.
 */
export function afterEntry(
  state: AsynchronousState,
  entry: LogEntry,
  settings: AsynchronousSettings,
): AsynchronousState {
  if (entry.type === 'bred') return afterBreeding(afterArrivals(state, settings), entry.proposals);
  if (entry.type === 'started') return afterStart(state, entry);
  const training = openTraining(state, entry.training);
  if (training === undefined) return refuseLog('a training ends that is not under way', entry.training);
  const next = afterEnd(state, training, entry.score, settings);
  if (next.trained < generationSize(next.progress.history.length, settings)) return next;
  return afterGenerationEnd({ ...next, seconds: entry.seconds }, settings);
}

/** The state after children were bred from it. */
export function afterBreeding(state: AsynchronousState, proposals: readonly Proposal[]): AsynchronousState {
  const { nursery, progress } = state;
  const { generation, seen } = progress.state;
  const hashes = proposals.map(({ hash }) => hash);
  const bred = { ...progress.state, generation: generation + 1, seen: [...seen, ...hashes] };
  return { ...state, nursery: [...nursery, ...proposals], progress: { ...progress, state: bred } };
}

/** The state after a training was started. @param promoted the child that it promotes, where that is at hand */
export function afterStart(state: AsynchronousState, given: Training, promoted?: Child): AsynchronousState {
  const { training, hash, rung, from, repeat, generation } = given;
  const begun = { training, hash, rung, from, repeat, generation };
  const { started, open } = state;
  if (training !== started) refuseLog('a training has the wrong number', training);
  const next = { ...state, started: started + 1 };
  const isThis = (one: { readonly hash: string }) => one.hash === hash;
  if (repeat > 0) {
    const member = knownAs(hash, state) ?? refuseLog('no such genome to train again', hash);
    const repeats = state.repeats.filter((one) => !isThis(one));
    return { ...next, repeats, open: [...open, { ...begun, proposal: member, below: member }] };
  }
  if (from < 0) {
    const proposal = state.nursery.find(isThis) ?? refuseLog('no such child to train', hash);
    return { ...next, nursery: without(state.nursery, proposal), open: [...open, { ...begun, proposal }] };
  }
  const child =
    promoted ??
    state.children.find(({ individual }) => isThis(individual)) ??
    refuseLog('no such child to promote', hash);
  const { individual } = child;
  return {
    ...next,
    children: state.children.with(state.children.indexOf(child), { ...child, isPromoted: true }),
    seats: state.seats.map((seat, index) => (index === from ? { ...seat, taken: seat.taken + 1 } : seat)),
    open: [...open, { ...begun, proposal: individual, below: individual }],
  };
}

function afterEnd(
  state: AsynchronousState,
  training: OpenTraining,
  score: Score | null,
  settings: AsynchronousSettings,
): AsynchronousState {
  const { rung, from, repeat, hash } = training;
  const { evaluations, failures, samplesSeen: seen } = state.cost;
  const next = {
    ...state,
    open: without(state.open, training),
    ended: state.ended + 1,
    cost: {
      evaluations: evaluations + 1,
      failures: failures + Number(score === null),
      samplesSeen: seen + samplesSeen(settings.ladder, from, rung),
    },
  };
  if (repeat > 0) {
    const member = knownAs(hash, state);
    if (score === null || member === undefined) return next;
    const scores = new Map([[hash, withRepeat(member, score)]]);
    const { progress } = next;
    return { ...next, progress: { ...progress, state: withScores(progress.state, settings, scores) } };
  }
  const isFirst = from < 0;
  const { genome, operators } = training.proposal;
  const proposal = { genome, hash, operators };
  const individual = individualOf(proposal, score, training.generation, training.training);
  const former = isFirst ? undefined : state.children.find((child) => child.individual.hash === hash);
  const generation = former?.generation ?? state.progress.history.length;
  const others = former === undefined ? state.children : without(state.children, former);
  return {
    ...next,
    trained: state.trained + Number(isFirst),
    arrivals: [...state.arrivals, { proposal, isFirst, individual }],
    children: individual === null ? others : [...others, { individual, generation, isPromoted: false }],
    seats: state.seats.map((seat, index) => (index === rung ? { ...seat, ended: seat.ended + 1 } : seat)),
  };
}

/** Ends a generation: records it, and selects the members of the front that are trained again. */
function afterGenerationEnd(state: AsynchronousState, settings: AsynchronousSettings): AsynchronousState {
  const { progress, children, open, cost } = afterArrivals(state, settings);
  const ended = progress.history.length;
  const isOpen = ({ hash }: Individual) => open.some((one) => one.hash === hash);
  const selected = selectRepeats(progress.state, ended, settings).filter((member) => !isOpen(member));
  return {
    ...state,
    arrivals: [],
    progress: progressAfter(progress, progress.state, cost, settings),
    children: children.filter(({ generation }) => generation === ended),
    repeats: selected,
    trained: 0,
    cost: NO_COST,
  };
}

/** The training under way with this number. They are in the order of their numbers. */
function openTraining({ open }: AsynchronousState, number: number): OpenTraining | undefined {
  let low = 0;
  let high = open.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (open[middle].training < number) low = middle + 1;
    else high = middle;
  }
  return open[low]?.training === number ? open[low] : undefined;
}

/** The list without one of its items. Its place is found by identity: a search with thousands of workers does this for every result. */
function without<Item>(list: readonly Item[], item: Item): readonly Item[] {
  return list.toSpliced(list.indexOf(item), 1);
}

/** The genome with this hash in the front or in the population. */
function knownAs(hash: string, { progress }: AsynchronousState): Individual | undefined {
  const { front, population } = progress.state;
  return [...front, ...population].find((one) => one.hash === hash);
}
