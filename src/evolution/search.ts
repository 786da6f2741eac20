import { EvopatchError } from '../core/errors.ts';
import { stopwatch } from '../core/stopwatch.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import type { GenerationMember, GenerationRecord } from '../search/events.ts';
import { plannedEvaluations } from '../search/ladder.ts';
import { frontHypervolume, referenceOf } from '../search/objectives.ts';
import { samplers } from '../search/samplers/index.ts';
import { withScores } from '../search/samplers/telling.ts';
import type { SearchProgress } from '../search/search-progress.ts';
import { type Individual, initialState } from '../search/search-state.ts';
import { dueForRepeat, evaluateAgain, evaluateGeneration, type Outcome } from './generation.ts';
import type { Trainer } from './trainer.ts';

/**
 * The generations of a run, one after the other, from the start or from where an earlier process was; fewer where a limit is
 * reached or the trainer is stopped.
 *
 * @param onGeneration hears of each generation as it ends, and is waited for
 * @param elapsedSeconds what a limit on the time counts
 * @throws EvopatchError `EVALUATION_FAILED` where every evaluation of a generation failed.
 */
export async function search(
  settings: EvolveSettings,
  trainer: Trainer,
  onGeneration: (progress: SearchProgress) => Promise<void>,
  from: SearchProgress = { state: initialState, history: [] },
  elapsedSeconds = stopwatch(),
): Promise<SearchProgress> {
  const sampler = samplers[settings.sampler];
  let progress = from;
  while (!isOver(progress, settings, elapsedSeconds()) && !trainer.stopped) {
    const { state, history } = progress;
    const { generation } = state;
    const before = { ...trainer.fitness };
    const proposals = sampler.ask(state, settings);
    const outcomes = await evaluateGeneration(state, settings, trainer, proposals);
    refuseTotalFailure(outcomes, generation, trainer);
    const scores = outcomes.map((outcome) => outcome ?? null);
    let next = sampler.tell(state, settings, proposals, scores);
    if (trainer.stopped) return { state: next, history };
    const due = dueForRepeat(next, generation, settings);
    if (due.length > 0)
      next = withScores(next, settings, await evaluateAgain(due, generation, settings, trainer));
    if (trainer.stopped) return { state: next, history };
    const record: GenerationRecord = {
      index: generation,
      hypervolume: frontHypervolume(next.front, settings),
      front: next.front.map(memberOf),
      evaluations: trainer.fitness.evaluations - before.evaluations,
      failures: trainer.fitness.failures - before.failures,
      samplesSeen: (history.at(-1)?.samplesSeen ?? 0) + trainer.fitness.samplesSeen - before.samplesSeen,
    };
    if (trainer.purpose === 'fitness')
      trainer.total += record.evaluations - plannedEvaluations(generation, settings);
    progress = { state: next, history: [...history, record] };
    await onGeneration(progress);
  }
  for (
    let skipped = progress.state.generation;
    skipped < settings.generations && trainer.purpose === 'fitness';
    skipped++
  ) {
    trainer.total -= plannedEvaluations(skipped, settings);
  }
  return progress;
}

/** Corner of the box that hypervolumes are shares of. */
export function referencePoint({ objectives, bounds }: Pick<EvolveSettings, 'objectives' | 'bounds'>) {
  return Object.fromEntries(objectives.map((name) => [name, referenceOf(name, bounds)]));
}

/** Criteria that compose: the first one that is met ends the search. */
function isOver({ state, history }: SearchProgress, settings: EvolveSettings, seconds: number): boolean {
  const { generations, maximumEvaluations, maximumSamples, maximumSeconds, stagnation } = settings;
  const evaluations = history.reduce((sum, record) => sum + record.evaluations, 0);
  return (
    state.generation >= generations ||
    evaluations >= (maximumEvaluations ?? Number.POSITIVE_INFINITY) ||
    (history.at(-1)?.samplesSeen ?? 0) >= (maximumSamples ?? Number.POSITIVE_INFINITY) ||
    seconds >= (maximumSeconds ?? Number.POSITIVE_INFINITY) ||
    (stagnation !== undefined && generationsWithoutGain(history) >= stagnation)
  );
}

function generationsWithoutGain(history: readonly GenerationRecord[]): number {
  const volumes = history.map(({ hypervolume }) => hypervolume);
  return volumes.length - 1 - volumes.indexOf(Math.max(...volumes));
}

function memberOf({ hash, loss, losses, accuracy, parameters }: Individual): GenerationMember {
  return { hash, loss, deviation: deviationOf(losses), accuracy, parameters };
}

/** Sample standard deviation; `null` for a single value. */
export function deviationOf(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

function refuseTotalFailure(outcomes: readonly Outcome[], generation: number, trainer: Trainer): void {
  if (!outcomes.every((outcome) => outcome === null)) return;
  const { reason, message } = trainer.lastFailure ?? {};
  throw new EvopatchError(
    'EVALUATION_FAILED',
    `all ${outcomes.length} genomes of generation ${generation + 1} failed, the last one with: ${message}`,
    { given: reason },
  );
}
