import { randomStream } from '../core/random.ts';
import type { Evaluation, SuccessfulEvaluation, TrainingRequest } from '../fitness/evaluation.ts';
import { coveredPixels } from '../genome/canonical.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import type { Objectives } from '../search/dominance.ts';
import { repeatsOf, startRung } from '../search/ladder.ts';
import { objectiveOf } from '../search/objectives.ts';
import { promote } from '../search/promotion.ts';
import type { Individual, Proposal, Score, SearchState } from '../search/search-state.ts';
import type { Trainer } from './trainer.ts';

/** What became of a proposal: its score, `null` where it failed, `undefined` where the run was stopped before. */
export type Outcome = Score | null | undefined;

/** A proposal on its way up the ladder. */
interface Climber {
  readonly proposal: Proposal;
  outcome: Outcome;
  done?: TrainingRequest['done'];
}

/**
 * Evaluates a generation. With halving, all are trained to the lowest rung and the best third of those on each rung go
 * on to the next one, from where they are; without, all are trained to the top.
 */
export async function evaluateGeneration(
  state: SearchState,
  settings: EvolveSettings,
  trainer: Trainer,
  proposals: readonly Proposal[],
): Promise<Outcome[]> {
  const { generation } = state;
  const climbers = proposals.map((proposal): Climber => ({ proposal, outcome: undefined }));
  const top = settings.topRung;
  const first = settings.halving ? startRung(generation, settings.generations, settings.ladder.length) : top;
  let climbing = climbers;
  for (let rung = first; rung <= top; rung++) {
    const jobs = climbing.map(({ proposal, done }) => ({ genome: proposal.genome, done }));
    const from = rung === first ? -1 : rung - 1;
    const evaluations = await trainer.trainForFitness(jobs, { generation, from, rung, repeat: 0 });
    for (const [place, climber] of climbing.entries()) {
      const evaluation = evaluations[place];
      if (evaluation === undefined) continue; // stopped; what it had on the rung below stays
      climber.outcome = scoreOf(climber, rung, evaluation, settings, trainer);
      const state = evaluation.status === 'ok' ? evaluation.state : undefined;
      climber.done = state && { stages: rung + 1, state };
    }
    if (rung === top || trainer.stopped) break;
    const random = randomStream(settings.seed, generation, rung, 'promotion');
    const places = promote(
      climbing.map(({ outcome }) => objectivesAt(rung, outcome, settings)),
      eldersAt(rung, state, settings),
      random,
    );
    for (const [place, climber] of climbing.entries()) if (!places.includes(place)) climber.done = undefined;
    climbing = places.map((place) => climbing[place]);
    const promoted = climbing.map(({ proposal }) => proposal.hash);
    if (trainer.purpose === 'fitness')
      trainer.emit({ type: 'promotion', promotion: { generation, rung: rung + 1, promoted } });
    if (climbing.length === 0) break;
  }
  return climbers.map(({ outcome }) => outcome);
}

function scoreOf(
  { proposal, outcome }: Climber,
  rung: number,
  evaluation: Evaluation,
  { bounds, objectives }: EvolveSettings,
  trainer: Trainer,
): Score | null {
  if (evaluation.status === 'failed') return null;
  const { loss, accuracy, parameters, macs } = evaluation;
  const below = outcome?.rungLosses ?? Array<null>(rung).fill(null);
  const timed = objectives.includes('latency');
  return {
    rung,
    rungLosses: [...below, loss],
    losses: [loss],
    loss,
    accuracy,
    parameters,
    macs,
    pixels: coveredPixels(proposal.genome, bounds.frame),
    ...(timed && { latency: outcome?.latency ?? trainer.latencyOf(proposal.genome) }),
  };
}

/** What an individual with the loss of an earlier rung would count as. */
function objectivesAt(rung: number, score: Outcome, { objectives }: EvolveSettings): Objectives {
  const loss = score?.rungLosses[rung];
  if (score === null || score === undefined || loss === null || loss === undefined) return null;
  return objectives.map((name) => {
    return name === 'loss' || name === 'error' ? loss : objectiveOf({ ...score, loss } as Individual, name);
  });
}

function eldersAt(rung: number, { population }: SearchState, settings: EvolveSettings): Objectives[] {
  return population.map((elder) => objectivesAt(rung, elder, settings)).filter((values) => values !== null);
}

/** The members of the front that are to be trained with a new seed after a generation, those with the fewest first. */
export function dueForRepeat(
  { front }: SearchState,
  generation: number,
  settings: EvolveSettings,
): Individual[] {
  const open = front.filter(({ losses }) => losses.length < settings.repeats);
  return open.toSorted((a, b) => a.losses.length - b.losses.length).slice(0, repeatsOf(generation, settings));
}

/** The scores of individuals after a further evaluation of each: means over their seeds. */
export async function evaluateAgain(
  individuals: readonly Individual[],
  generation: number,
  settings: EvolveSettings,
  trainer: Trainer,
): Promise<ReadonlyMap<string, Score>> {
  const scores = new Map<string, Score>();
  for (const repeat of new Set(individuals.map(({ losses }) => losses.length))) {
    const members = individuals.filter(({ losses }) => losses.length === repeat);
    const place = { generation, from: -1, rung: settings.topRung, repeat };
    const evaluations = await trainer.trainForFitness(members, place);
    for (const [place, member] of members.entries()) {
      const evaluation = evaluations[place];
      if (evaluation?.status === 'ok') scores.set(member.hash, withRepeat(member, evaluation));
    }
  }
  return scores;
}

function withRepeat(member: Individual, { loss, accuracy }: SuccessfulEvaluation): Score {
  const count = member.losses.length;
  const losses = [...member.losses, loss];
  return {
    ...member,
    losses,
    loss: losses.reduce((sum, value) => sum + value, 0) / losses.length,
    accuracy: (member.accuracy * count + accuracy) / (count + 1),
  };
}
