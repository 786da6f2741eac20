import type { NetworkSpec } from '../network/spec.ts';
import type { Parameter, Weights } from './parameters.ts';
import type { Samples } from './samples.ts';
import type { Distillation } from './teacher.ts';
import type { Convolution } from './training-config.ts';
import type { View } from './view.ts';

/** Settings of an optimiser's step: rate, β1 (or momentum), β2, ε, 1 / (1 − β1^t), 1 / (1 − β2^t), weight decay. */
export type UpdateSettings = readonly number[];

/** What a session trains by. */
export interface SessionTraining {
  readonly optimizer: 'adamw' | 'sgd';
  /** Whether the gradient's norm is limited. */
  readonly clip: boolean;
  /** Whether a teacher adds its part of the loss. */
  readonly teacher?: boolean;
  /** The form of convolutions in training steps; 'direct' if left out. */
  readonly convolution?: Convolution;
}

/** Opens sessions, where an engine has no kernels of evopatch. @param training if left out, the session only predicts */
export type OpenSession = (
  spec: NetworkSpec,
  batchSize: number,
  training?: SessionTraining,
) => NetworkSession;

/** A network with its weights, ready to predict and to make training steps. */
export interface NetworkSession {
  /** The arrays of the network. */
  readonly parameters: readonly Parameter[];
  /** Copies all weights and running statistics. */
  weights(): Map<string, Float32Array>;
  /** @throws EvopatchError `INVALID_MODEL` if an array is missing or has another length. */
  setWeights(weights: Weights): void;
  /** Copies the moments of the gradients: two arrays for AdamW, one for SGD. Only sessions of the same numerics read them. */
  moments(): Float32Array[];
  setMoments(moments: readonly Float32Array[]): void;
  /** Sets what stays the same over many steps: the maximum norm of the gradient and the softmax's temperature. */
  configure(settings: { readonly clipNorm: number; readonly temperature: number }): void;
  /** Sets the loss for learning from a teacher, in a session that was opened for one. */
  setDistillation(distillation: Distillation): void;
  /**
   * Makes one training step on a full batch. `targets` and the softened `teacherTargets` are probabilities,
   * [sample][class].
   *
   * @returns the mean loss before the step: the cross-entropy, or with a teacher the weighted sum of its two terms
   */
  train(
    samples: Samples,
    indices: Uint32Array,
    views: readonly View[],
    targets: Float32Array,
    settings: UpdateSettings,
    dropoutSeed: number,
    teacherTargets?: Float32Array,
  ): number;
  /** Predicts class probabilities of the samples at `indices`, [index][class]. */
  predict(samples: Samples, indices: Uint32Array): Float32Array;
}
