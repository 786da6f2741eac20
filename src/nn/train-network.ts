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
import type { Team } from './team.ts';
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
  /** Where an earlier training of the same network with the same optimiser ended; random weights if left out. */
  readonly from?: TrainingState;
  /** Threads that share every step; the outcome is the same, to the bit. */
  readonly team?: Team;
  readonly onEpoch?: (record: EpochRecord) => void;
  readonly signal?: AbortSignal;
}

export interface TrainingResult {
  readonly network: Network;
  readonly history: readonly EpochRecord[];
  /** Where the training ended, for another one to go on from. */
  readonly state: TrainingState;
}

/** All that a training has come to; plain data. The learning rate's schedule is not part of it: each training has its own. */
export interface TrainingState {
  readonly weights: Weights;
  /** What the optimiser remembers of the gradients. */
  readonly moments: readonly Float32Array[];
  /** β1 and β2 to the power of the steps made. */
  readonly powers: readonly [number, number];
}

/**
 * Trains a network from random weights or from where another training ended. A pure function of spec, samples, options and the engine's numerics: the same
 * weights, bit for bit, on every machine. Training ends early where the loss is no number any more.
 *
 * @throws EvopatchError `INVALID_NETWORK`; `INVALID_OPTION` where the samples do not fill one batch; `ABORTED`.
 */
export function trainNetwork(
  engine: Engine,
  spec: NetworkSpec,
  samples: Samples,
  options: TrainingOptions,
): TrainingResult {
  const { config, validation } = options;
  const training = new Training(engine, spec, samples, options);
  const watches = validation !== undefined && (config.patience > 0 || config.schedule === 'plateau');
  const history: EpochRecord[] = [];
  let best: { loss: number; epoch: number; weights: Weights } | undefined;
  for (let epoch = 1; epoch <= config.epochs; epoch++) {
    const { trainingLoss, learningRate } = training.runEpoch(epoch);
    const validationLoss = watches ? training.lossOf(validation) : undefined;
    const record = { epoch, trainingLoss, learningRate, validationLoss };
    history.push(record);
    options.onEpoch?.(record);
    if (Number.isNaN(trainingLoss)) break;
    training.learningRate.epochEnded(validationLoss ?? trainingLoss);
    if (config.patience === 0 || validationLoss === undefined) continue;
    if (best === undefined || validationLoss < best.loss) {
      best = { loss: validationLoss, epoch, weights: training.session.weights() };
    } else if (epoch - best.epoch >= config.patience) break;
  }
  const state = training.state();
  return { network: new Network(engine, spec, best?.weights ?? state.weights), history, state };
}

/** A training under way: the session with its weights and the optimiser's progress. */
class Training {
  readonly session: Session;
  readonly learningRate: LearningRate;
  readonly #samples: Samples;
  readonly #options: TrainingOptions;
  readonly #stepsPerEpoch: number;
  readonly #targets: Float32Array;
  /** β1 and β2 to the power of the steps made. */
  #powers: readonly [number, number] = [1, 1];

  constructor(engine: Engine, spec: NetworkSpec, samples: Samples, options: TrainingOptions) {
    const { config, seed, training } = options;
    this.#samples = samples;
    this.#options = options;
    this.#stepsPerEpoch = Math.floor(training.length / config.batchSize);
    if (this.#stepsPerEpoch === 0) {
      throw new EvopatchError('INVALID_OPTION', `there are only ${training.length} samples to train on`, {
        option: 'batchSize',
        given: config.batchSize,
        hint: 'Use more samples or a smaller batch',
      });
    }
    const plan = { optimizer: config.optimizer, clip: config.clipNorm > 0 };
    this.session = new Session(engine, spec, config.batchSize, plan, options.team);
    if (options.from === undefined) {
      this.session.setWeights(initialWeights(this.session.plan.parameters.parameters, seed));
    } else {
      this.session.setWeights(options.from.weights);
      this.session.setMoments(options.from.moments);
      this.#powers = options.from.powers;
    }
    this.session.configure({ clipNorm: config.clipNorm, temperature: options.temperature ?? 1 });
    this.learningRate = new LearningRate(config, config.epochs * this.#stepsPerEpoch);
    this.#targets = options.softTargets ?? smoothedTargets(samples, config.labelSmoothing);
  }

  /** One pass over the training samples in a new order. Each purpose draws from a stream of its own. */
  runEpoch(epoch: number): { trainingLoss: number; learningRate: number } {
    const { config, seed, training, signal } = this.#options;
    const order = Uint32Array.from(randomStream(seed, 'order', epoch).shuffle(Array.from(training)));
    const augmentation = randomStream(seed, 'augmentation', epoch);
    const dropout = randomStream(seed, 'dropout', epoch);
    let sum = 0;
    let learningRate = 0;
    for (let step = 0; step < this.#stepsPerEpoch; step++) {
      if (signal?.aborted) throw new EvopatchError('ABORTED', 'training was stopped');
      const indices = order.subarray(step * config.batchSize, (step + 1) * config.batchSize);
      const views = Array.from(indices, () => randomView(config, augmentation));
      learningRate = this.learningRate.at((epoch - 1) * this.#stepsPerEpoch + step);
      const settings = this.#updateSettings(learningRate);
      const dropoutSeed = dropout.integer(0, 2 ** 31 - 1);
      sum += this.session.train(
        this.#samples,
        indices,
        views,
        this.#targetsOf(indices),
        settings,
        dropoutSeed,
      );
    }
    return { trainingLoss: sum / this.#stepsPerEpoch, learningRate };
  }

  state(): TrainingState {
    return { weights: this.session.weights(), moments: this.session.moments(), powers: this.#powers };
  }

  /** Mean negative log-likelihood of some samples as the weights are now. */
  lossOf(indices: Uint32Array): number {
    const { labels, classes } = this.#samples;
    return measure(this.session.predict(this.#samples, indices), labels, indices, classes).loss;
  }

  #targetsOf(indices: Uint32Array): Float32Array {
    const { classes } = this.#samples;
    const targets = new Float32Array(indices.length * classes);
    indices.forEach((sample, i) => {
      targets.set(this.#targets.subarray(sample * classes, (sample + 1) * classes), i * classes);
    });
    return targets;
  }

  #updateSettings(learningRate: number): number[] {
    this.#powers = [this.#powers[0] * BETA1, this.#powers[1] * BETA2];
    const [correction1, correction2] = this.#powers.map((power) => 1 / (1 - power));
    return [learningRate, BETA1, BETA2, EPSILON, correction1, correction2, this.#options.config.weightDecay];
  }
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
