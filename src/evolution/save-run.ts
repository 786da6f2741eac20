import { EvopatchError } from '../core/errors.ts';
import type { Engine } from '../nn/engine.ts';
import { saveModel } from '../nn/model-file.ts';
import { Network } from '../nn/network.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import { finalistFile, runFile } from '../run/file-names.ts';
import type { EvolutionReport, EvolutionResult, Finalist } from '../run/result.ts';
import { bestGenome, rankedPopulation, scoredGenome } from '../run/result-genomes.ts';
import { referencePoint } from '../search/objectives.ts';
import type { SearchProgress } from '../search/search-progress.ts';
import type { Compared } from './compare.ts';
import type { Trained } from './finals.ts';
import { mapOfResult, saveMaps } from './result-maps.ts';
import type { RunSplits } from './splits.ts';
import type { Trainer } from './trainer.ts';

/** Puts together the result of a run and, where it has a folder, writes the model, the maps and the result there. */
export async function saveRun(
  trainer: Trainer,
  { state, history }: SearchProgress,
  compared: Compared,
  searchSeconds: number,
  totalSeconds: number,
): Promise<EvolutionResult> {
  const { settings, engine, splits, folder } = trainer.parts;
  const { chosen, finalists, controls } = compared;
  const front = compared.front.map(scoredGenome);
  const report: EvolutionReport = {
    ...reportHeader(settings, engine, splits),
    status: trainer.stopped ? 'aborted' : 'complete',
    baseline: compared.baseline?.measurement ?? null,
    best: bestGenome(chosen?.measurement, front, folder !== undefined),
    controls,
    finalists: finalists.map(({ measurement }) => measurement),
    front,
    population: rankedPopulation(state, settings),
    referencePoint: referencePoint(settings),
    history,
    evaluations: trainer.completed,
    failures: trainer.failures,
    timing: { workers: settings.workers, totalSeconds, searchSeconds, trainingSeconds: trainer.seconds },
  };
  const save = (file: string) => saveTrained(file, chosen, settings, engine);
  if (folder !== undefined) {
    if (chosen !== undefined) await save(runFile(folder.path, 'model'));
    for (const one of finalists) {
      await saveTrained(finalistFile(folder.path, one.measurement.hash), one, settings, engine);
    }
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

/** The parts of a report that are known before the search. */
function reportHeader(
  settings: EvolveSettings,
  engine: Engine,
  splits: RunSplits,
): Pick<EvolutionReport, 'format' | 'seed' | 'engine' | 'numerics' | 'margin' | 'dataset' | 'batchSizes'> {
  const { seed, dataset, margin, fitness, final } = settings;
  const { fitnessBatch, finalBatch } = splits;
  const isSmaller = fitnessBatch < fitness.batchSize || finalBatch < final.batchSize;
  return {
    format: 1,
    seed,
    engine: engine.name,
    numerics: engine.numerics,
    margin,
    ...(isSmaller && { batchSizes: { fitness: fitnessBatch, final: finalBatch } }),
    dataset: {
      name: dataset.name,
      hash: dataset.hash,
      classes: dataset.classes,
      frame: dataset.frame,
      align: dataset.align,
      training: splits.training.length,
      validation: splits.validation.length,
      copies: splits.copies,
    },
  };
}

/**
 * Saves a trained finalist with its genome, the class names and the frame geometry as a model file.
 *
 * @throws EvopatchError `ABORTED` where there is none, `FILE_SYSTEM`.
 */
async function saveTrained(
  file: string,
  trained: Trained<Finalist> | undefined,
  { dataset, seed }: Pick<EvolveSettings, 'dataset' | 'seed'>,
  engine: Engine,
): Promise<void> {
  const weights = trained?.evaluation.weights;
  if (trained === undefined || weights === undefined) {
    throw new EvopatchError('ABORTED', 'the run ended before a genome was trained in full', { file });
  }
  await saveModel(file, {
    network: new Network(engine, trained.spec, weights),
    classes: dataset.classes,
    frame: dataset.frame,
    genome: trained.measurement.genome,
    info: { numerics: engine.numerics, dataset: dataset.hash, align: dataset.align, seed },
  });
}
