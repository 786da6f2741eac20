import { stopwatch } from '../core/stopwatch.ts';
import { openEvaluationFolder } from '../fitness/evaluation-folder.ts';
import { memoryStore } from '../fitness/evaluation-store.ts';
import type { Evaluator } from '../fitness/evaluator.ts';
import { type Engine, openEngine } from '../nn/engine.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import type { EvolutionResult } from '../run/result.ts';
import type { RunFolder } from '../run/run-folder.ts';
import { afterEntry } from '../search/asynchronous/after-entry.ts';
import {
  type AsynchronousState,
  initialAsynchronousState,
} from '../search/asynchronous/asynchronous-state.ts';
import type { GenerationRecord } from '../search/events.ts';
import type { Measurement } from '../search/measurement.ts';
import { initialProgress, type SearchProgress } from '../search/search-progress.ts';
import { terminationOf } from '../search/termination.ts';
import { searchAsynchronously } from './asynchronous-search.ts';
import { compareInFull } from './compare.ts';
import { type Trained, trainBaseline } from './finals.ts';
import { openStoredEvaluator, teacherOf } from './open-evaluator.ts';
import { saveRun } from './save-run.ts';
import { search } from './search.ts';
import { type RunSplits, splitForRun } from './splits.ts';
import { Trainer } from './trainer.ts';

/** A run warns where fewer faces measure its candidates. */
const FEW_FACES = 30;

type Warn = (message: string) => void;

/** What a run needs from outside. */
export interface RunPlan {
  readonly settings: EvolveSettings;
  /** Makes or opens the run folder; gives none for a run that leaves nothing behind. */
  readonly openFolder: (engine: Engine, onWarning: Warn) => Promise<RunFolder | undefined>;
  /** Aborted from outside to end the run early, or here when it cannot go on. */
  readonly stop: AbortController;
  /** Hears of each generation as it ends, and first of those that an earlier process ended. */
  readonly onGeneration: (record: GenerationRecord) => void;
}

/**
 * Runs all of a run, from the start or from where its folder says it is: searches, compares with the baseline and controls, and
 * saves. Whatever happens, it closes the folder and ends the threads.
 */
export async function runEvolution(plan: RunPlan): Promise<EvolutionResult> {
  const { settings, openFolder, stop } = plan;
  const splits = splitForRun(settings);
  const engine = await openEngine(settings.engine);
  const warnings = warningsOf(settings, splits); // until there is a trainer to report them
  let warn: Warn = (message) => warnings.push(message);
  const folder = await openFolder(engine, (message) => warn(message));
  let evaluator: Evaluator | undefined;
  try {
    const teacher = await teacherOf(settings, engine);
    const { evaluationCache } = settings;
    const shared =
      evaluationCache && (await openEvaluationFolder(evaluationCache, (message) => warn(message)));
    const stores = [folder?.history ?? memoryStore(), ...(shared ? [shared] : [])];
    const stored = await openStoredEvaluator(settings, engine, stores);
    evaluator = stored;
    const begun = await whereItIs(settings, folder, warn);
    const { history } = begun.progress;
    const { signal } = stop;
    const trainer = new Trainer({
      settings,
      evaluator: stored,
      splits,
      folder,
      engine,
      signal,
      teacher,
      history,
      begun: begun.asynchronous?.cost,
    });
    trainer.emit({ type: 'start', generations: settings.generations, history });
    warn = (message) => trainer.emit({ type: 'warning', message });
    for (const message of warnings) warn(message);
    const elapsedSeconds = stopwatch(begun.elapsedSeconds);
    const { progress, baseline } = await searchBesideBaseline(plan, trainer, elapsedSeconds, begun);
    const searchSeconds = elapsedSeconds();
    const compared = await compareInFull(trainer, progress, await baseline);
    return await saveRun(trainer, progress, compared, searchSeconds, elapsedSeconds());
  } finally {
    stop.abort();
    await evaluator?.close();
    await folder?.close();
  }
}

/** Where a run is that an earlier process has begun. */
interface Begun extends Checkpoint {
  /** The state of an asynchronous search, which follows from its log. */
  readonly asynchronous?: AsynchronousState;
}

async function whereItIs(
  settings: EvolveSettings,
  folder: RunFolder | undefined,
  warn: Warn,
): Promise<Begun> {
  const start = { progress: initialProgress, elapsedSeconds: 0 };
  if (!settings.asynchronous) return (await folder?.readCheckpoint(warn)) ?? start;
  const entries = (await folder?.openDecisions(warn)) ?? [];
  const asynchronous = entries.reduce(
    (state, entry) => afterEntry(state, entry, settings),
    initialAsynchronousState(settings),
  );
  return { progress: asynchronous.progress, elapsedSeconds: entries.at(-1)?.seconds ?? 0, asynchronous };
}

/** Runs the search while the baseline is trained. */
async function searchBesideBaseline(
  { settings, stop, onGeneration }: RunPlan,
  trainer: Trainer,
  elapsedSeconds: () => number,
  { progress: from, asynchronous }: Begun,
): Promise<{ progress: SearchProgress; baseline: Promise<Trained<Measurement> | null> }> {
  for (const generation of from.history) onGeneration(generation);
  const baseline = settings.baseline ? trainBaseline(trainer) : Promise.resolve(null);
  baseline.catch((cause) => stop.abort(cause)); // with nothing to compare with, the search may end
  const { folder } = trainer.parts;
  const common = {
    settings,
    trainer,
    termination: terminationOf(settings),
    elapsedSeconds,
    onGeneration: async (progress: SearchProgress) => {
      const { history } = progress;
      const generation = history[history.length - 1];
      trainer.note({ history });
      trainer.emit({ type: 'generation', generation });
      onGeneration(generation);
      if (folder === undefined) return;
      await folder.writeCheckpoint({ progress, elapsedSeconds: elapsedSeconds() });
      trainer.emit({ type: 'checkpoint', generation: generation.index });
    },
  };
  const progress =
    asynchronous === undefined
      ? await search({ ...common, purpose: 'fitness', from })
      : await searchAsynchronously({
          ...common,
          from: asynchronous,
          onEntry: async (entry) => await folder?.appendDecision(entry),
        });
  if (!trainer.stopped) trainer.note({ isSearched: true });
  return { progress, baseline };
}

/** Warns about what too few faces do to a run. */
function warningsOf({ fitness, final }: EvolveSettings, splits: RunSplits): string[] {
  const { fitnessRungs, fitnessValidation, training, fitnessBatch, finalBatch } = splits;
  const smaller = (whose: string, batch: number, faces: number, asked: number) =>
    batch < asked
      ? [`batches of ${batch} instead of ${asked} for ${whose}, which learn from ${faces} faces`]
      : [];
  const measured = fitnessValidation.length;
  return [
    ...smaller('candidates', fitnessBatch, fitnessRungs[0].length, fitness.batchSize),
    ...smaller('finalists', finalBatch, training.length, final.batchSize),
    ...(measured < FEW_FACES
      ? [`candidates are measured on ${measured} faces, so their order is mostly chance`]
      : []),
  ];
}
