import { contentHash, sha256 } from '../core/hash.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { identityOf, type Teacher } from '../nn/teacher.ts';
import type { EpochRecord, TrainingState } from '../nn/train-network.ts';
import { type TrainingConfig, WINOGRAD_FORM } from '../nn/training-config.ts';

/** A training, or a part of one. */
export interface TrainingStage {
  /** Indices of the samples to train on. On a SharedArrayBuffer they reach a thread without a copy. */
  readonly training: Uint32Array;
  readonly config: TrainingConfig;
}

/** One network to train and measure. With the data set's hash and the numerics it determines the evaluation. */
export interface TrainingRequest {
  readonly spec: NetworkSpec;
  /** At least one; each continues from the end of the previous one, with its own learning rate. */
  readonly stages: readonly TrainingStage[];
  /** Indices of the samples to measure on. */
  readonly validation: Uint32Array;
  /** A teacher for every stage, besides the labels. Its logits on a SharedArrayBuffer reach a thread without a copy. */
  readonly teacher?: Teacher;
  /** Seed of the first weights, the order of the samples, augmentation and dropout. */
  readonly seed: string;
  /** Whether the evaluation carries the trained weights. */
  readonly keepWeights: boolean;
  /** The state after the first stages, if it is known: they are skipped, with the same result. */
  readonly done?: { readonly stages: number; readonly state: TrainingState };
  /** Whether the evaluation carries the state at its end, for a request with more stages. */
  readonly keepState?: boolean;
}

/** A trained network's score. Holds no times: equal requests give equal evaluations. */
export interface SuccessfulEvaluation {
  readonly status: 'ok';
  /** Mean negative log-likelihood on the validation samples, nats. */
  readonly loss: number;
  /** Share of the validation samples that are classified correctly. */
  readonly accuracy: number;
  /** 1 − accuracy. */
  readonly error: number;
  readonly parameters: number;
  /** Multiply-accumulates of one forward pass. */
  readonly macs: number;
  /** The epochs of the last stage. */
  readonly history: readonly EpochRecord[];
  /** Class given to each validation sample, in the order of the request. */
  readonly predictions: Uint8Array;
  /** Weights by name; only if the request keeps them. */
  readonly weights?: ReadonlyMap<string, Float32Array>;
  /** State at the end; only if the request keeps it. */
  readonly state?: TrainingState;
}

/** `error`: refused or thrown; `diverged`: the loss is not finite; the others are faults of the worker. */
export type FailureReason = 'error' | 'diverged' | 'crash' | 'out-of-memory' | 'time-out';

/** A failed evaluation, which takes part like a score and never wins. */
export interface FailedEvaluation {
  readonly status: 'failed';
  readonly reason: FailureReason;
  readonly message: string;
}

export type Evaluation = SuccessfulEvaluation | FailedEvaluation;

/**
 * Hashes everything that an evaluation depends on (SHA-256).
 *
 * @param datasetHash the data set's own hash
 * @param numerics how the engine rounds, 'fused' or 'unfused'
 */
export function contentKey(request: TrainingRequest, datasetHash: string, numerics: string): string {
  const { spec, seed, keepWeights } = request;
  const stages = request.stages.map(({ training, config }) => ({
    training: hashNumbers(training),
    config: config.convolution ? { ...config, convolution: WINOGRAD_FORM } : config,
  }));
  const validation = hashNumbers(request.validation);
  const teacher = request.teacher && identityOf(request.teacher);
  return contentHash({
    teacher,
    spec,
    stages,
    validation,
    seed,
    keepWeights,
    dataset: datasetHash,
    numerics,
  });
}

function hashNumbers(numbers: Uint32Array): string {
  return sha256(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
}
