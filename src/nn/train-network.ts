import { EvopatchError } from '../core/errors.ts';
import { type RandomStream, randomStream } from '../core/random.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from './engine.ts';
import { initialWeights } from './initialize.ts';
import { measure } from './measure.ts';
import { Network } from './network.ts';
import type { Samples } from './samples.ts';
import { LearningRate } from './schedule.ts';
import { Session, type View, type Weights } from './session.ts';
import type { TrainingConfig } from './training-config.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** What an epoch came to. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean cross-entropy over the epoch's steps, with augmentation, dropout and smoothing as they were. */
  readonly trainingLoss: number;
  /** Learning rate of the last step. */
  readonly learningRate: number;
  /** On the validation samples, where there are any and the schedule or `patience` asks. */
  readonly validationLoss?: number;
}

export interface TrainingOptions {
  /** Numbers of the samples to learn from; at least one batch. */
  readonly training: Uint32Array;
  /** Numbers of the samples that 'plateau' and `patience` watch. */
  readonly validation?: Uint32Array;
  readonly config: TrainingConfig;
  readonly seed: string;
  /** Probabilities to learn instead of the labels, [sample][class] over all samples: a teacher's. */
  readonly softTargets?: Float32Array;
  /** Temperature of the student's softmax; 1 unless a teacher's targets were softened. */
  readonly temperature?: number;
  readonly onEpoch?: (record: EpochRecord) => void;
  readonly signal?: AbortSignal;
}

export interface TrainingResult {
  readonly network: Network;
  readonly history: readonly EpochRecord[];
}

/**
 * Trains a network from random weights. A pure function of spec, samples, options and the engine's numerics: the same
 * weights, bit for bit, on every machine.
 *
 * @throws EvopatchError `INVALID_NETWORK`; `INVALID_OPTION` where the samples do not fill one batch; `ABORTED`.
 */
export function trainNetwork(
  engine: Engine,
  spec: NetworkSpec,
  samples: Samples,
  options: TrainingOptions,
): TrainingResult {
  const { config, seed, training, validation } = options;
  const stepsPerEpoch = Math.floor(training.length / config.batchSize);
  if (stepsPerEpoch === 0) {
    throw new EvopatchError('INVALID_OPTION', `there are only ${training.length} samples to train on`, {
      option: 'batchSize',
      given: config.batchSize,
      hint: 'Use more samples or a smaller batch',
    });
  }
  const plan = { optimizer: config.optimizer, clip: config.clipNorm > 0 };
  const session = new Session(engine, spec, config.batchSize, plan);
  session.setWeights(initialWeights(session.plan.parameters.parameters, seed));
  session.configure({ clipNorm: config.clipNorm, temperature: options.temperature ?? 1 });

  const targets = options.softTargets ?? smoothedTargets(samples, config.labelSmoothing);
  const learningRate = new LearningRate(config, config.epochs * stepsPerEpoch);
  const watches = validation !== undefined && (config.patience > 0 || config.schedule === 'plateau');
  const history: EpochRecord[] = [];
  const batchTargets = new Float32Array(config.batchSize * samples.classes);
  let best: { loss: number; epoch: number; weights: Weights } | undefined;
  let beta1Power = 1;
  let beta2Power = 1;

  for (let epoch = 1; epoch <= config.epochs; epoch++) {
    const order = Uint32Array.from(randomStream(seed, 'order', epoch).shuffle(Array.from(training)));
    const augmentation = randomStream(seed, 'augmentation', epoch);
    const dropout = randomStream(seed, 'dropout', epoch);
    let sum = 0;
    let rate = 0;
    for (let step = 0; step < stepsPerEpoch; step++) {
      if (options.signal?.aborted) throw new EvopatchError('ABORTED', 'training was stopped');
      const indices = order.subarray(step * config.batchSize, (step + 1) * config.batchSize);
      const views = Array.from(indices, () => randomView(config, augmentation));
      indices.forEach((sample, i) => {
        const row = targets.subarray(sample * samples.classes, (sample + 1) * samples.classes);
        batchTargets.set(row, i * samples.classes);
      });
      rate = learningRate.at((epoch - 1) * stepsPerEpoch + step);
      beta1Power *= BETA1;
      beta2Power *= BETA2;
      const settings = [
        rate,
        BETA1,
        BETA2,
        EPSILON,
        1 / (1 - beta1Power),
        1 / (1 - beta2Power),
        config.weightDecay,
      ];
      const dropoutSeed = dropout.integer(0, 2 ** 31 - 1);
      sum += session.train(samples, indices, views, batchTargets, settings, dropoutSeed);
    }
    const trainingLoss = sum / stepsPerEpoch;
    const validationLoss = watches
      ? measure(session.predict(samples, validation), samples.labels, validation, samples.classes).loss
      : undefined;
    const record = { epoch, trainingLoss, learningRate: rate, validationLoss };
    history.push(record);
    options.onEpoch?.(record);
    if (Number.isNaN(trainingLoss)) break; // nothing can come of it any more
    learningRate.epochEnded(validationLoss ?? trainingLoss);
    if (config.patience > 0 && validationLoss !== undefined) {
      if (best === undefined || validationLoss < best.loss) {
        best = { loss: validationLoss, epoch, weights: session.weights() };
      } else if (epoch - best.epoch >= config.patience) break;
    }
  }
  return { network: new Network(engine, spec, best?.weights ?? session.weights()), history };
}

/** [sample][class]: 1 − smoothing on the label and smoothing / classes everywhere. */
function smoothedTargets({ labels, classes }: Samples, smoothing: number): Float32Array {
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  labels.forEach((label, sample) => {
    targets[sample * classes + label] += 1 - smoothing;
  });
  return targets;
}

function randomView({ flip, shift }: TrainingConfig, random: RandomStream): View {
  return {
    shiftX: shift === 0 ? 0 : random.integer(-shift, shift),
    shiftY: shift === 0 ? 0 : random.integer(-shift, shift),
    flip: flip && random.chance(0.5),
  };
}
