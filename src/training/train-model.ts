import { setImmediate } from 'node:timers/promises';
import { EvopatchError } from '../core/errors.ts';
import { contentHash } from '../core/hash.ts';
import { hashFile } from '../core/hash-file.ts';
import { indicesOf } from '../data/dataset.ts';
import { openTeacher } from '../distillation/open-teacher.ts';
import { requireTrainingFaces } from '../fitness/enough-faces.ts';
import { samplesOf } from '../fitness/evaluate.ts';
import { canonicalGenome } from '../genome/canonical.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import { macCount, parameterCount } from '../network/describe.ts';
import { withLevels } from '../network/levels.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { type Engine, openEngine } from '../nn/engine.ts';
import type { Model } from '../nn/model.ts';
import { Network } from '../nn/network.ts';
import type { Weights } from '../nn/session.ts';
import { identityOf } from '../nn/teacher.ts';
import { openTeam, type Team } from '../nn/team.ts';
import { Training } from '../nn/training.ts';
import { limitBatchSize, type TrainingConfig } from '../nn/training-config.ts';
import { parseTrainOptions, type TrainOptions, type TrainSettings } from '../options/train-options.ts';
import { zooNetwork } from '../zoo/zoo.ts';
import { bestEpoch, type TrainingEpoch, TrainingFolder, type TrainingIdentity } from './training-folder.ts';

/** Milliseconds of training steps between pauses, in which other work gets the thread. */
const PAUSE_AFTER = 50;

export interface TrainModelOptions extends TrainOptions {
  /** Called several times per epoch. */
  readonly onProgress?: (progress: ModelTrainingProgress) => void;
}

/** The progress of a training. */
export interface ModelTrainingProgress {
  readonly epochs: readonly TrainingEpoch[];
  /** Maximum number of epochs. */
  readonly totalEpochs: number;
  /** Finished share of the current epoch, 0–1. */
  readonly share: number;
}

/** A trained network, ready for `saveModel`. */
export interface TrainedModel extends Model {
  /** The given configuration, with a smaller batch if the training rows do not fill one. */
  readonly config: TrainingConfig;
  readonly epochs: readonly TrainingEpoch[];
  /** The epoch that the weights come from: the one of the highest accuracy on the validation rows. */
  readonly best: TrainingEpoch;
  readonly parameters: number;
  /** Multiply-accumulates per face. */
  readonly macs: number;
}

/**
 * Trains one network and keeps the weights of its best epoch. A pure function of data set, network, configuration, seed
 * and the engine's numerics; one that was stopped and resumed ends in the same bits.
 *
 * @throws EvopatchError `INVALID_OPTION`, `INVALID_GENOME`, `INVALID_NETWORK`; `INVALID_DATA` as `requireTrainingFaces`;
 * `INVALID_RUN` if the folder holds another training or its teacher has changed; `RUN_LOCKED` if another process trains
 * in it; `EVALUATION_FAILED` if a loss is not finite; `ABORTED`, `FILE_SYSTEM`.
 */
export async function trainModel({ onProgress, ...options }: TrainModelOptions): Promise<TrainedModel> {
  const settings = parseTrainOptions(options);
  const { dataset, engine: name, threads, config: given } = settings;
  const training = indicesOf(dataset, 'train');
  requireTrainingFaces(dataset, training, indicesOf(dataset, 'validation'));
  const config = { ...given, batchSize: limitBatchSize(given.batchSize, training.length) };
  const spec = specOf(settings);
  const engine = typeof name === 'string' ? await openEngine(name) : name;
  const folder =
    settings.folder === undefined ? undefined : await TrainingFolder.open(settings.folder, settings.force);
  let team: Team | undefined;
  try {
    team = await openTeam(engine, threads);
    const isFormOpen = options.config?.convolution === undefined;
    return await trainOn({ spec, config, isFormOpen, engine, team, folder, onProgress }, settings);
  } finally {
    await team?.close();
    await folder?.close();
  }
}

interface Prepared {
  readonly spec: NetworkSpec;
  readonly config: TrainingConfig;
  /** Whether the caller did not choose the form of convolutions. */
  readonly isFormOpen: boolean;
  readonly engine: Engine;
  readonly team: Team | undefined;
  readonly folder: TrainingFolder | undefined;
  readonly onProgress: TrainModelOptions['onProgress'];
}

async function trainOn(
  { spec, config: given, isFormOpen, engine, team, folder, onProgress }: Prepared,
  settings: TrainSettings,
): Promise<TrainedModel> {
  const { dataset, seed, signal } = settings;
  const validation = indicesOf(dataset, 'validation');
  const model = (weights: Weights, best: TrainingEpoch): Model => ({
    network: new Network(engine, spec, weights),
    classes: dataset.classes,
    frame: dataset.frame,
    ...(settings.genome === undefined ? {} : { genome: canonicalGenome(settings.genome) }),
    info: {
      numerics: engine.numerics,
      dataset: dataset.hash,
      align: dataset.align,
      seed,
      epoch: best.epoch,
    },
  });
  const teacher = settings.teacher && (await openTeacher(settings.teacher, dataset, engine, folder?.path));
  const taught = teacher && { teacher: identityOf(teacher) };
  const hashOf = (config: TrainingConfig) =>
    contentHash({ spec, config, seed, dataset: dataset.hash, numerics: engine.numerics, ...taught });
  // A training of an earlier release goes on in the direct form, which was the only one.
  const direct = { ...given, convolution: undefined };
  const isEarlier = isFormOpen && (await folder?.holds(hashOf(direct)));
  const config = isEarlier ? direct : given;
  const identity: TrainingIdentity = {
    training: hashOf(config),
    ...(settings.teacher && { teacher: await hashFile(settings.teacher.file) }),
  };
  const found = await folder?.read(identity, engine);
  const source = { training: indicesOf(dataset, 'train'), config, seed, teacher, resume: found?.progress };
  const training = new Training(engine, spec, samplesOf(dataset), source, team);
  const epochs: TrainingEpoch[] = [...(found?.epochs ?? [])];
  let weights = found?.weights ?? training.weights();

  const reportProgress = () =>
    onProgress?.({
      epochs: [...epochs],
      totalEpochs: config.epochs,
      share: training.stepsMade / training.steps,
    });
  while (!training.finished) {
    await runEpoch(training, signal, reportProgress);
    const { loss, accuracy } = training.measure(validation);
    const epoch = { ...training.endEpoch(loss), validationLoss: loss, validationAccuracy: accuracy };
    if (![epoch.trainingLoss, loss].every(Number.isFinite)) throw diverged(epoch);
    epochs.push(epoch);
    if (bestEpoch(epochs) === epoch) {
      weights = training.weights();
      await folder?.writeModel(model(weights, epoch));
    }
    await folder?.writeCheckpoint({ epochs, progress: training.progress() }, identity);
    reportProgress();
  }
  const best = bestEpoch(epochs);
  return {
    ...model(weights, best),
    config,
    epochs,
    best,
    parameters: parameterCount(spec),
    macs: macCount(spec),
  };
}

function specOf({ levels, ...subject }: TrainSettings): NetworkSpec {
  return withLevels(subjectOf(subject), levels);
}

function subjectOf({ network, genome, dataset }: TrainSettings): NetworkSpec {
  const target = { classes: dataset.classes.length, frame: dataset.frame };
  if (network !== undefined && genome === undefined) return zooNetwork(network, target);
  if (network === undefined && genome !== undefined) return toNetworkSpec(genome, target);
  const hint = 'Give the name of a network, or a genome';
  throw new EvopatchError('INVALID_OPTION', 'one network must be given', { option: 'network', hint });
}

/** Runs all steps of an epoch, with pauses for other work of the thread. */
async function runEpoch(
  training: Training,
  signal: AbortSignal | undefined,
  reportProgress: () => void,
): Promise<void> {
  let pause = Number.NEGATIVE_INFINITY;
  do {
    if (performance.now() - pause >= PAUSE_AFTER) {
      reportProgress();
      await setImmediate();
      pause = performance.now();
    }
    if (signal?.aborted) {
      const after = training.history.length;
      throw new EvopatchError('ABORTED', `training was stopped after epoch ${after}`, {}, signal.reason);
    }
  } while (training.step());
}

function diverged({ epoch, trainingLoss, validationLoss }: TrainingEpoch): EvopatchError {
  const problem = `the losses of epoch ${epoch} are ${trainingLoss} and, on the validation rows, ${validationLoss}`;
  return new EvopatchError('EVALUATION_FAILED', problem, { hint: 'Try a lower learning rate' });
}
