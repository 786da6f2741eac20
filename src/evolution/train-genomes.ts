import { resolve } from 'node:path';
import { EvopatchError } from '../core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import type { TrainingRequest } from '../fitness/evaluation.ts';
import { openEvaluationFolder } from '../fitness/evaluation-folder.ts';
import type { Genome } from '../genome/genome.ts';
import { genomeHash } from '../genome/genome-hash.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import type { Engine } from '../nn/engine.ts';
import type { Model } from '../nn/model.ts';
import { Network } from '../nn/network.ts';
import { runFile } from '../run/file-names.ts';
import { readDescription, refuseOtherTeacher } from '../run/run-description.ts';
import { finalStages } from './final-stages.ts';
import { openStoredEvaluator, teacherOf } from './open-evaluator.ts';
import { settingsOfRun } from './run-settings.ts';
import { splitForRun } from './splits.ts';

/** A trained genome and what to call it. */
export interface TrainedGenome {
  readonly name: string;
  readonly model: Model;
}

export interface GenomeTraining {
  /** The folder of the run; what is trained is kept in its folder `members`. */
  readonly runFolder: string;
  /** The run's own. */
  readonly dataset: Dataset;
  /** Genomes to train. */
  readonly genomes: readonly Genome[];
  /** Trainings of each genome, from different seeds. @defaultValue 1 */
  readonly seeds?: number;
  /** Passes over the training rows. @defaultValue the run's for its finalists */
  readonly epochs?: number;
  readonly engine: Engine;
  /** Threads; 0 trains in this one. @defaultValue the run's */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Hears of each network as it is there, and how many there will be. */
  readonly onTrained?: (done: number, total: number) => void;
  /** Hears of what does not stop the work. */
  readonly onWarning?: (message: string) => void;
}

/** Stands for the parts of a search, which the run may have had of the user's own, where there is none. */
const NO_SEARCH = { objectives: ['loss'], sampler: 'nsga2', operators: [], startFrom: undefined } as const;

/**
 * Trains genomes of a run in full: on all training rows, by the final recipe, with the run's teacher if it has one; the
 * baseline, whose errors all of them would share, teaches none of them. Whatever ended before is not trained again; the
 * first seed is that of the finalists. Trainings that fail are left out.
 *
 * @returns the models, by genome and then by seed.
 * @throws EvopatchError `INVALID_RUN` where the folder is no run's, or data or teacher are not its own; `EVALUATION_FAILED` where
 * every training failed; `ABORTED`.
 */
export async function trainGenomes(training: GenomeTraining): Promise<TrainedGenome[]> {
  const { runFolder, dataset, genomes, seeds = 1, epochs, engine, workers, signal } = training;
  const { onTrained = () => undefined, onWarning = () => undefined } = training;
  const description = await readDescription(runFolder);
  await refuseOtherTeacher(description);
  const final = { ...(description.options.final as object), ...(epochs !== undefined && { epochs }) };
  const settings = settingsOfRun(runFolder, description, dataset, {
    final,
    workers,
    ...NO_SEARCH,
  });
  const splits = splitForRun(settings);
  const teacher = await teacherOf(settings, engine);
  const jobs = genomes.flatMap((genome) =>
    Array.from({ length: seeds }, (_, repeat) => ({
      genome,
      name: `${genomeHash(genome).slice(0, 8)}${repeat === 0 ? '' : `, seed ${repeat + 1}`}`,
      seed: `${settings.seed}/final${repeat === 0 ? '' : ` ${repeat}`}`,
      spec: toNetworkSpec(genome, settings.bounds),
    })),
  );
  const requests = jobs.map(
    ({ spec, seed }): TrainingRequest => ({
      spec,
      stages: finalStages(spec, settings, splits),
      validation: splits.validation,
      teacher,
      seed,
      keepWeights: true,
    }),
  );
  const folders = [resolve(runFile(runFolder, 'members')), settings.evaluationCache];
  const stores = await Promise.all(
    folders.flatMap((folder) => (folder === undefined ? [] : [openEvaluationFolder(folder, onWarning)])),
  );
  const evaluator = await openStoredEvaluator(settings, engine, stores);
  const models = new Array<TrainedGenome | undefined>(jobs.length).fill(undefined);
  let failure: string | undefined;
  try {
    let done = 0;
    for await (const { index, evaluation } of evaluator.evaluate(requests, { signal, alone: true })) {
      const { name, genome, seed, spec } = jobs[index];
      if (evaluation.status === 'ok' && evaluation.weights !== undefined) {
        const { classes, frame, align, hash } = dataset;
        const info = { numerics: engine.numerics, dataset: hash, align, seed };
        const network = new Network(engine, spec, evaluation.weights);
        models[index] = { name, model: { network, classes, frame, genome, info } };
      } else if (evaluation.status === 'failed') {
        failure = evaluation.message;
        onWarning(`${name} could not be trained: ${failure}`);
      }
      onTrained(++done, jobs.length);
    }
  } finally {
    await evaluator.close();
  }
  const trained = models.filter((model) => model !== undefined);
  if (trained.length > 0) return trained;
  throw new EvopatchError('EVALUATION_FAILED', `no genome could be trained: ${failure ?? 'there is none'}`);
}
