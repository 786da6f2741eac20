import { EvopatchError } from '../core/errors.ts';
import { stopwatch } from '../core/stopwatch.ts';
import type { FailedEvaluation } from '../fitness/evaluation.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import { selectRepeats } from '../search/repeats.ts';
import { withScores } from '../search/samplers/after-generation.ts';
import { initialProgress, progressAfter, type SearchProgress } from '../search/search-progress.ts';
import type { Termination } from '../search/termination.ts';
import { GenerationEvaluation } from './generation.ts';
import type { FitnessPurpose, Trainer } from './trainer.ts';

/** A search to run. */
export interface Search {
  readonly settings: EvolveSettings;
  readonly trainer: Trainer;
  /** What its trainings are recorded as. */
  readonly purpose: FitnessPurpose;
  readonly termination: Termination;
  /** Hears of each generation as it ends, and is awaited. */
  readonly onGeneration?: (progress: SearchProgress) => Promise<void>;
  /** Where an earlier process was, if there was one. */
  readonly from?: SearchProgress;
  readonly elapsedSeconds?: () => number;
}

/**
 * Runs one generation after the other, until the termination says so or the trainer is stopped.
 *
 * @throws EvopatchError `EVALUATION_FAILED` where every evaluation of a generation failed.
 */
export async function search({
  settings,
  trainer,
  purpose,
  termination,
  onGeneration,
  from = initialProgress,
  elapsedSeconds = stopwatch(),
}: Search): Promise<SearchProgress> {
  const { sampler } = settings;
  let progress = from;
  while (!trainer.stopped) {
    const { state, history } = progress;
    if (termination.progress({ history, elapsedSeconds: elapsedSeconds() }) >= 1) break;
    const { generation } = state;
    const evaluation = new GenerationEvaluation(settings, trainer, purpose, generation);
    const proposals = sampler.ask(state, settings);
    const outcomes = await evaluation.score(proposals, state);
    if (outcomes.every((outcome) => outcome === null)) {
      throw totalFailure(generation, evaluation.cost.failures, evaluation.lastFailure);
    }
    const scores = outcomes.map((outcome) => outcome ?? null);
    let next = sampler.tell(state, settings, proposals, scores);
    if (trainer.stopped) return { state: next, history };
    const repeated = await evaluation.scoreAgain(selectRepeats(next, generation, settings));
    if (repeated.size > 0) next = withScores(next, settings, repeated);
    if (trainer.stopped) return { state: next, history };
    progress = progressAfter(progress, next, evaluation.cost, settings);
    await onGeneration?.(progress);
  }
  return progress;
}

/** The error of a generation, counted from 0, in which every evaluation failed. */
export function totalFailure(
  generation: number,
  failures: number,
  last: FailedEvaluation | undefined,
): EvopatchError {
  return new EvopatchError(
    'EVALUATION_FAILED',
    `all ${failures} genomes of generation ${generation + 1} failed, the last one with: ${last?.message}`,
    { given: last?.reason },
  );
}
