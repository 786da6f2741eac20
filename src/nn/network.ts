import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from './arena.ts';
import type { NetworkSession } from './network-session.ts';
import { openSession } from './open-session.ts';
import type { Weights } from './parameters.ts';
import type { Samples } from './samples.ts';

/** Faces that a network predicts at a time. */
export const PREDICTION_BATCH = 64;

/** A trained network: its spec and weights, run by an engine. */
export class Network {
  readonly engine: Engine;
  readonly spec: NetworkSpec;
  readonly weights: Weights;
  #session: NetworkSession | undefined;

  constructor(engine: Engine, spec: NetworkSpec, weights: Weights) {
    this.engine = engine;
    this.spec = spec;
    this.weights = weights;
  }

  /**
   * Predicts class probabilities of the samples at `indices`, [index][class].
   *
   * @throws EvopatchError `INVALID_MODEL` if the weights do not fit the spec.
   */
  predict(samples: Samples, indices: Uint32Array): Float32Array {
    if (this.#session === undefined) {
      this.#session = openSession(this.engine, this.spec, PREDICTION_BATCH);
      this.#session.setWeights(this.weights);
    }
    return this.#session.predict(samples, indices);
  }
}
