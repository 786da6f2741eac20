import { EvopatchError } from '../core/errors.ts';
import { type RandomStream, randomStream } from '../core/random.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from './engine.ts';
import { initialWeights } from './initialize.ts';
import { LANES } from './layout.ts';
import { type Measurement, measure } from './measure.ts';
import { MovingAverage } from './moving-average.ts';
import type { NetworkSession } from './network-session.ts';
import { openSession } from './open-session.ts';
import type { Weights } from './parameters.ts';
import type { Samples } from './samples.ts';
import { LearningRate } from './schedule.ts';
import { softenedTargets, trainingTargets } from './targets.ts';
import type { Teacher } from './teacher.ts';
import type { Team } from './team.ts';
import type { TrainingConfig } from './training-config.ts';
import { randomView } from './view.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** The results of an epoch. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean cross-entropy over the epoch's steps, with augmentation, dropout and smoothing as they were. */
  readonly trainingLoss: number;
  /** Learning rate of the last step. */
  readonly learningRate: number;
  /** Loss on the validation samples, if the schedule or `patience` needs it. */
  readonly validationLoss?: number;
}

/** The state of a training, as plain data, without the learning rate's schedule: each training has its own. */
export interface TrainingState {
  readonly weights: Weights;
  /** The optimiser's moments of the gradients. */
  readonly moments: readonly Float32Array[];
  /** β1 and β2 to the power of the steps made. */
  readonly powers: readonly [number, number];
}

/** A training between two epochs, as plain data, from which the same training resumes with the same outcome. */
export interface TrainingProgress {
  readonly state: TrainingState;
  readonly history: readonly EpochRecord[];
  /** The weights' moving average, if there is one. */
  readonly average?: Weights;
}

/** The inputs that determine a training, besides the engine's numerics, the network and the samples. */
export interface TrainingSource {
  /** Indices of the samples to learn from; at least one batch. */
  readonly training: Uint32Array;
  readonly config: TrainingConfig;
  readonly seed: string;
  /** A teacher to learn from, besides the labels. */
  readonly teacher?: Teacher;
  /** The end of an earlier training of the same network with the same optimiser; random weights if left out. */
  readonly from?: TrainingState;
  /** The point from which to resume this same training. */
  readonly resume?: TrainingProgress;
}

/** The random streams of an epoch, one for each purpose. */
interface EpochStreams {
  readonly order: Uint32Array;
  readonly augmentation: RandomStream;
  readonly dropout: RandomStream;
}

/**
 * A training that its owner drives step by step:
 *
 * ```ts
 * while (!training.finished) {
 *   while (training.step()); // or with pauses between the steps
 *   training.endEpoch(validationLoss);
 * }
 * ```
 */
export class Training {
  readonly config: TrainingConfig;
  /** Steps of an epoch. */
  readonly steps: number;
  readonly #session: NetworkSession;
  readonly #samples: Samples;
  readonly #source: TrainingSource;
  /** The samples of an epoch: those to train on, at least one block of them. */
  readonly #rows: Uint32Array;
  readonly #learningRate: LearningRate;
  readonly #targets: Float32Array;
  readonly #teacherTargets: Float32Array | undefined;
  readonly #history: EpochRecord[];
  readonly #average: MovingAverage | undefined;
  #powers: readonly [number, number];
  #streams: EpochStreams;
  #step = 0;
  #lossSum = 0;
  #rate = 0;

  /**
   * @param team threads that share every step; the outcome is the same, bit for bit
   * @throws EvopatchError `INVALID_NETWORK`; `INVALID_OPTION` if the samples do not fill one batch.
   */
  constructor(engine: Engine, spec: NetworkSpec, samples: Samples, source: TrainingSource, team?: Team) {
    const { config, seed, training, resume } = source;
    this.config = config;
    this.#samples = samples;
    this.#source = source;
    this.#rows = fillBlock(training);
    this.steps = Math.floor(this.#rows.length / config.batchSize);
    if (this.steps === 0) {
      throw new EvopatchError('INVALID_OPTION', `there are only ${training.length} samples to train on`, {
        option: 'batchSize',
        given: config.batchSize,
        hint: 'Use more samples or a smaller batch',
      });
    }
    const plan = {
      optimizer: config.optimizer,
      clip: config.clipNorm > 0,
      teacher: source.teacher !== undefined,
      convolution: config.convolution,
    };
    this.#session = openSession(engine, spec, config.batchSize, plan, team);
    const from = resume?.state ?? source.from;
    this.#session.setWeights(
      from?.weights ?? initialWeights(this.#session.parameters, seed, config.initialization),
    );
    if (from !== undefined) this.#session.setMoments(from.moments);
    this.#powers = from?.powers ?? [1, 1];
    this.#session.configure({ clipNorm: config.clipNorm, temperature: 1 });
    if (source.teacher !== undefined) {
      this.#session.setDistillation(source.teacher);
      this.#teacherTargets = softenedTargets(source.teacher, samples.classes);
    }
    this.#learningRate = new LearningRate(config, config.epochs * this.steps);
    this.#targets = trainingTargets(samples, training, config);
    this.#history = [...(resume?.history ?? [])];
    for (const record of this.#history) this.#recordLoss(record);
    const { averaging = 0 } = config;
    const start = resume?.average ?? this.#session.weights();
    this.#average = averaging > 0 ? new MovingAverage(averaging, start) : undefined;
    this.#streams = this.#epochStreams();
  }

  /** The finished epochs. */
  get history(): readonly EpochRecord[] {
    return this.#history;
  }

  /** Steps made in the current epoch. */
  get stepsMade(): number {
    return this.#step;
  }

  /** Whether all epochs are finished, `patience` has run out or the loss is NaN. */
  get finished(): boolean {
    const { epochs, patience } = this.config;
    const last = this.#history.at(-1);
    if (last === undefined) return false;
    return (
      last.epoch >= epochs ||
      Number.isNaN(last.trainingLoss) ||
      (patience > 0 && epochsSinceBest(this.#history) >= patience)
    );
  }

  /**
   * Makes the next step of the epoch.
   *
   * @returns whether the epoch has more steps
   */
  step(): boolean {
    const { config } = this;
    const { order, augmentation, dropout } = this.#streams;
    const indices = order.subarray(this.#step * config.batchSize, (this.#step + 1) * config.batchSize);
    const views = Array.from(indices, () => randomView(config, augmentation));
    const previousSteps = this.#history.length * this.steps + this.#step;
    this.#rate = this.#learningRate.at(previousSteps);
    const settings = this.#updateSettings();
    const dropoutSeed = dropout.integer(0, 2 ** 31 - 1);
    const targets = this.#rowsOf(this.#targets, indices);
    const soft = this.#teacherTargets && this.#rowsOf(this.#teacherTargets, indices);
    this.#lossSum += this.#session.train(this.#samples, indices, views, targets, settings, dropoutSeed, soft);
    this.#average?.add(this.#session.weights(), previousSteps + 1);
    this.#step++;
    return this.#step < this.steps;
  }

  /** Ends an epoch after its last step. */
  endEpoch(validationLoss?: number): EpochRecord {
    const epoch = this.#history.length + 1;
    const trainingLoss = this.#lossSum / this.steps;
    const record = { epoch, trainingLoss, learningRate: this.#rate, validationLoss };
    this.#history.push(record);
    this.#recordLoss(record);
    this.#streams = this.#epochStreams();
    this.#step = 0;
    this.#lossSum = 0;
    return record;
  }

  /** Measures the current network on some samples. */
  measure(indices: Uint32Array): Measurement {
    const { labels, classes } = this.#samples;
    const own = this.#average && this.#session.weights();
    if (this.#average) this.#session.setWeights(this.#average.weights);
    const probabilities = this.#session.predict(this.#samples, indices);
    if (own) this.#session.setWeights(own);
    return measure(probabilities, labels, indices, classes);
  }

  /** Copies the current weights to predict with. */
  weights(): Weights {
    return this.#average?.copy() ?? this.#session.weights();
  }

  state(): TrainingState {
    return { weights: this.#session.weights(), moments: this.#session.moments(), powers: this.#powers };
  }

  /** Copies what `resume` needs. Call it between two epochs. */
  progress(): TrainingProgress {
    return { state: this.state(), history: [...this.#history], average: this.#average?.copy() };
  }

  #recordLoss({ trainingLoss, validationLoss }: EpochRecord): void {
    this.#learningRate.recordLoss(validationLoss ?? trainingLoss);
  }

  /** Draws a new order for each epoch. Each purpose has its own stream. */
  #epochStreams(): EpochStreams {
    const { seed } = this.#source;
    const epoch = this.#history.length + 1;
    return {
      order: Uint32Array.from(randomStream(seed, 'order', epoch).shuffle(Array.from(this.#rows))),
      augmentation: randomStream(seed, 'augmentation', epoch),
      dropout: randomStream(seed, 'dropout', epoch),
    };
  }

  #rowsOf(all: Float32Array, indices: Uint32Array): Float32Array {
    const { classes } = this.#samples;
    const rows = new Float32Array(indices.length * classes);
    indices.forEach((sample, i) => {
      rows.set(all.subarray(sample * classes, (sample + 1) * classes), i * classes);
    });
    return rows;
  }

  #updateSettings(): number[] {
    this.#powers = [this.#powers[0] * BETA1, this.#powers[1] * BETA2];
    const [correction1, correction2] = this.#powers.map((power) => 1 / (1 - power));
    return [this.#rate, BETA1, BETA2, EPSILON, correction1, correction2, this.config.weightDecay];
  }
}

/** Repeats samples until they fill a block, the minimum of a step. */
function fillBlock(samples: Uint32Array): Uint32Array {
  if (samples.length === 0 || samples.length >= LANES) return samples;
  return Uint32Array.from({ length: LANES }, (_, i) => samples[i % samples.length]);
}

/** Counts the epochs since the first one of the lowest validation loss; 0 if no epoch has one. */
function epochsSinceBest(history: readonly EpochRecord[]): number {
  let best: { epoch: number; loss: number } | undefined;
  for (const { epoch, validationLoss: loss } of history) {
    if (loss !== undefined && (best === undefined || loss < best.loss)) best = { epoch, loss };
  }
  return best === undefined ? 0 : history.length - best.epoch;
}
