import { join } from 'node:path';
import { EvopatchError } from '../core/errors.ts';
import { cachedEvaluator } from '../fitness/cached-evaluator.ts';
import type { Evaluator } from '../fitness/evaluator.ts';
import { inlineEvaluator } from '../fitness/inline-evaluator.ts';
import { PoolEvaluator } from '../fitness/pool-evaluator.ts';
import { type Engine, openEngine } from '../nn/engine.ts';
import { trainControls } from './controls.ts';
import type { GenerationRecord } from './events.ts';
import { chooseBest, trainBaseline, trainControl, trainFinalists } from './finals.ts';
import { frontOf } from './objectives.ts';
import type { EvolveSettings } from './options.ts';
import { bestGenome, rankedPopulation, reportHeader, scoredGenome } from './report.ts';
import type { EvolutionReport, EvolutionResult } from './result.ts';
import { mapOfResult, saveMaps } from './result-maps.ts';
import { describeRun } from './run-description.ts';
import { BEST_MODEL, RunFolder } from './run-folder.ts';
import { saveTrained } from './save-trained.ts';
import { referencePoint, search } from './search.ts';
import { type RunSplits, splitForRun } from './splits.ts';
import { Trainer } from './trainer.ts';

/**
 * A whole run: the folder, the engine and the threads, whatever becomes of them.
 *
 * @param stop aborted from outside to end the run early, or here when it cannot go on
 * @param onGeneration hears of each generation as it ends
 */
export async function runEvolution(
  settings: EvolveSettings,
  stop: AbortController,
  onGeneration: (record: GenerationRecord) => void,
): Promise<EvolutionResult> {
  const splits = splitForRun(settings);
  const engine = await openEngine(settings.engine);
  const folder =
    settings.runFolder === undefined
      ? undefined
      : await RunFolder.create(settings.runFolder, await describeRun(settings, engine));
  let evaluator: Evaluator | undefined;
  try {
    evaluator = cachedEvaluator(openEvaluator(settings, engine), settings.dataset.hash, engine.numerics);
    const trainer = new Trainer(settings, evaluator, splits, folder, engine, stop.signal);
    return await evolve({ settings, engine, splits, folder, trainer, stop, onGeneration });
  } finally {
    stop.abort();
    await evaluator?.close();
    await folder?.close();
  }
}

interface Run {
  readonly settings: EvolveSettings;
  readonly engine: Engine;
  readonly splits: RunSplits;
  readonly folder: RunFolder | undefined;
  readonly trainer: Trainer;
  readonly stop: AbortController;
  readonly onGeneration: (record: GenerationRecord) => void;
}

/** The search with the baseline beside it; then the finalists in full; then the choice and its control. */
async function evolve(run: Run): Promise<EvolutionResult> {
  const { settings, engine, splits, folder, trainer, stop } = run;
  const start = performance.now();
  const elapsedSeconds = () => (performance.now() - start) / 1000;
  trainer.emit({ type: 'start' });
  const baselineTraining = settings.baseline
    ? trainBaseline(settings, trainer, splits)
    : Promise.resolve(null);
  baselineTraining.catch((cause) => stop.abort(cause)); // nothing to compare with: the search may end
  const progress = await search(settings, trainer, async ({ history }) => {
    const generation = history[history.length - 1];
    trainer.emit({ type: 'generation', generation });
    run.onGeneration(generation);
  });
  const { state, history } = progress;
  const searchSeconds = elapsedSeconds();
  const baseline = await baselineTraining;
  if (state.population.length === 0) {
    throw new EvopatchError('ABORTED', 'the run was stopped before any genome was evaluated');
  }
  const bestSoFar = state.front.length > 0 ? state.front : frontOf(state.population, settings);
  const finalists = await trainFinalists(settings, trainer, splits, bestSoFar, baseline);
  const chosen = chooseBest(finalists);
  const control =
    chosen && settings.control ? await trainControl(settings, trainer, splits, chosen.measurement) : null;
  const controls =
    chosen && settings.controls ? await trainControls(settings, trainer, splits, chosen, progress) : [];
  const front = bestSoFar.map(scoredGenome);
  const report: EvolutionReport = {
    ...reportHeader(settings, engine, splits),
    status: trainer.stopped ? 'aborted' : 'complete',
    baseline: baseline?.measurement ?? null,
    best: bestGenome(chosen?.measurement, front, folder !== undefined),
    control,
    controls,
    finalists: finalists.map(({ measurement }) => measurement),
    front,
    population: rankedPopulation(state, settings),
    referencePoint: referencePoint(settings),
    history,
    evaluations: trainer.completed,
    failures: trainer.failures,
    timing: {
      workers: settings.workers,
      totalSeconds: elapsedSeconds(),
      searchSeconds,
      trainingSeconds: trainer.seconds,
    },
  };
  const save = (file: string) => saveTrained(file, chosen, settings, engine);
  if (folder !== undefined) {
    if (chosen !== undefined) await save(join(folder.path, BEST_MODEL));
    await saveMaps(folder.path, report, settings.dataset);
    await folder.writeResult(report);
  }
  return {
    ...report,
    best: { ...report.best, save },
    patchMap: (subject = 'best') => mapOfResult(report, subject, settings.dataset),
  };
}

function openEvaluator(settings: EvolveSettings, engine: Engine): Evaluator {
  const { dataset, workers, timeoutSeconds, retries } = settings;
  if (workers === 0) return inlineEvaluator(dataset, engine);
  const exactEngine = `${engine.name}:${engine.variant}`;
  return new PoolEvaluator({ dataset, engine: exactEngine, workers, timeoutSeconds, retries });
}
