import { join } from 'node:path';
import { EvopatchError } from '../core/errors.ts';
import { stopwatch } from '../core/stopwatch.ts';
import { openTeacher } from '../distillation/open-teacher.ts';
import { contentKey, type TrainingRequest } from '../fitness/evaluation.ts';
import { openEvaluationFolder } from '../fitness/evaluation-folder.ts';
import { type EvaluationStore, memoryStore } from '../fitness/evaluation-store.ts';
import type { Evaluator } from '../fitness/evaluator.ts';
import { inlineEvaluator } from '../fitness/inline-evaluator.ts';
import { PoolEvaluator } from '../fitness/pool-evaluator.ts';
import { storedEvaluator } from '../fitness/stored-evaluator.ts';
import { type Engine, openEngine } from '../nn/engine.ts';
import { Network } from '../nn/network.ts';
import type { Teacher } from '../nn/teacher.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import type { EvolutionReport, EvolutionResult } from '../run/result.ts';
import { BEST_MODEL, type RunFolder } from '../run/run-folder.ts';
import type { GenerationRecord } from '../search/events.ts';
import { frontOf } from '../search/objectives.ts';
import type { SearchProgress } from '../search/search-progress.ts';
import { trainControls } from './controls.ts';
import { chooseBest, trainBaseline, trainControl, trainFinalists } from './finals.ts';
import { bestGenome, rankedPopulation, reportHeader, scoredGenome } from './report.ts';
import { mapOfResult, saveMaps } from './result-maps.ts';
import { saveTrained } from './save-trained.ts';
import { referencePoint, search } from './search.ts';
import { type RunSplits, splitForRun } from './splits.ts';
import { Trainer } from './trainer.ts';

/** With fewer faces to measure candidates on a run warns. */
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
  /** What trains the networks; another one in tests of what can befall it. */
  readonly openEvaluator?: (settings: EvolveSettings, engine: Engine) => Evaluator;
}

/** A whole run, from the start or from where its folder says it is: the folder, the engine and the threads, whatever becomes of them. */
export async function runEvolution(plan: RunPlan): Promise<EvolutionResult> {
  const { settings, openFolder, stop, onGeneration, openEvaluator = evaluatorOf } = plan;
  const splits = splitForRun(settings);
  const engine = await openEngine(settings.engine);
  const warnings = warningsOf(settings, splits); // until there is somebody to tell
  let warn: Warn = (message) => warnings.push(message);
  const folder = await openFolder(engine, (message) => warn(message));
  let evaluator: Evaluator | undefined;
  try {
    const teacher = await teacherOf(settings, engine);
    const stores = await openStores(settings, folder, (message) => warn(message));
    const keyOf = (request: TrainingRequest) => contentKey(request, settings.dataset.hash, engine.numerics);
    const stored = storedEvaluator(openEvaluator(settings, engine), stores, keyOf);
    evaluator = stored;
    const checkpoint = await folder?.readCheckpoint(warn);
    const trainer = new Trainer(settings, stored, splits, folder, engine, stop.signal, teacher);
    const { history } = checkpoint?.progress ?? { history: [] };
    trainer.countKnown(history);
    trainer.emit({ type: 'start', generations: settings.generations, history });
    warn = (message) => trainer.emit({ type: 'warning', message });
    for (const message of warnings) warn(message);
    return await evolve({ settings, engine, splits, folder, trainer, stop, onGeneration }, checkpoint);
  } finally {
    stop.abort();
    await evaluator?.close();
    await folder?.close();
  }
}

/** What few faces do to a run. */
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
async function evolve(run: Run, checkpoint: Checkpoint | undefined): Promise<EvolutionResult> {
  const { settings, engine, splits, folder, trainer, stop } = run;
  const elapsedSeconds = stopwatch(checkpoint?.elapsedSeconds);
  for (const generation of checkpoint?.progress.history ?? []) run.onGeneration(generation);
  const baselineTraining = settings.baseline ? trainBaseline(settings, trainer) : Promise.resolve(null);
  baselineTraining.catch((cause) => stop.abort(cause)); // nothing to compare with: the search may end
  const onGeneration = async (progress: SearchProgress) => {
    const generation = progress.history[progress.history.length - 1];
    trainer.emit({ type: 'generation', generation });
    run.onGeneration(generation);
    if (folder === undefined) return;
    await folder.writeCheckpoint({ progress, elapsedSeconds: elapsedSeconds() });
    trainer.emit({ type: 'checkpoint', generation: generation.index });
  };
  const progress = await search(settings, trainer, onGeneration, checkpoint?.progress, elapsedSeconds);
  const { state, history } = progress;
  const searchSeconds = elapsedSeconds();
  const baseline = await baselineTraining;
  if (state.population.length === 0) {
    throw new EvopatchError('ABORTED', 'the run was stopped before any genome was evaluated');
  }
  const weights = baseline?.evaluation.weights;
  if (baseline && weights && settings.distill && !trainer.stopped) {
    trainer.teachInFull(new Network(engine, baseline.spec, weights));
  }
  const bestSoFar = state.front.length > 0 ? state.front : frontOf(state.population, settings);
  const finalists = await trainFinalists(settings, trainer, splits, bestSoFar, baseline);
  const chosen = chooseBest(finalists);
  const control =
    chosen && settings.control ? await trainControl(settings, trainer, chosen.measurement) : null;
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
    await saveMaps(folder.path, report, settings.dataset, (message) =>
      trainer.emit({ type: 'warning', message }),
    );
    await folder.writeResult(report);
  }
  return {
    ...report,
    best: { ...report.best, save },
    patchMap: (subject = 'best') => mapOfResult(report, subject, settings.dataset),
  };
}

/** What is known already: to the run, or to this process alone; and to other runs. */
async function openStores(
  { evaluationCache }: EvolveSettings,
  folder: RunFolder | undefined,
  onWarning: Warn,
): Promise<EvaluationStore[]> {
  const own = folder?.history ?? memoryStore();
  return evaluationCache === undefined
    ? [own]
    : [own, await openEvaluationFolder(evaluationCache, onWarning)];
}

/** Its answers are kept with the evaluations that runs share. */
export async function teacherOf(
  { teacher, dataset, evaluationCache }: EvolveSettings,
  engine: Engine,
): Promise<Teacher | undefined> {
  return teacher && (await openTeacher(teacher, dataset, engine, evaluationCache));
}

/** What trains the networks of a run: threads, or this one. */
export function evaluatorOf(settings: EvolveSettings, engine: Engine): Evaluator {
  const { dataset, workers, timeoutSeconds, retries } = settings;
  if (workers === 0) return inlineEvaluator(dataset, engine);
  const exactEngine = `${engine.name}:${engine.variant}`;
  return new PoolEvaluator({ dataset, engine: exactEngine, workers, timeoutSeconds, retries });
}
