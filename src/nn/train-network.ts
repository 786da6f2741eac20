import { EvopatchError } from '../core/errors.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from './engine.ts';
import { Network } from './network.ts';
import type { Samples } from './samples.ts';
import type { Weights } from './session.ts';
import type { Team } from './team.ts';
import { type EpochRecord, Training, type TrainingSource, type TrainingState } from './training.ts';

export type { EpochRecord, TrainingState } from './training.ts';

export interface TrainingOptions extends TrainingSource {
  /** Indices of the samples that 'plateau' and `patience` watch. */
  readonly validation?: Uint32Array;
  /** Threads that share every step; the outcome is the same, bit for bit. */
  readonly team?: Team;
  readonly onEpoch?: (record: EpochRecord) => void;
  readonly signal?: AbortSignal;
}

export interface TrainingResult {
  readonly network: Network;
  readonly history: readonly EpochRecord[];
  /** The state at the end, from which another training can continue. */
  readonly state: TrainingState;
}

/**
 * Trains a network from random weights or from the state of another training. A pure function of spec, samples, options
 * and the engine's numerics: the same weights, bit for bit, on every machine. Training ends early if the loss becomes NaN.
 *
 * @throws EvopatchError `INVALID_NETWORK`; `INVALID_OPTION` if the samples do not fill one batch; `ABORTED`.
 */
export function trainNetwork(
  engine: Engine,
  spec: NetworkSpec,
  samples: Samples,
  options: TrainingOptions,
): TrainingResult {
  const { config, validation, signal } = options;
  const training = new Training(engine, spec, samples, options, options.team);
  const watches = validation !== undefined && (config.patience > 0 || config.schedule === 'plateau');
  let best: { loss: number; weights: Weights } | undefined;
  while (!training.finished) {
    do {
      if (signal?.aborted) throw new EvopatchError('ABORTED', 'training was stopped');
    } while (training.step());
    const record = training.endEpoch(watches ? training.measure(validation).loss : undefined);
    options.onEpoch?.(record);
    const { validationLoss } = record;
    if (config.patience === 0 || validationLoss === undefined) continue;
    if (best === undefined || validationLoss < best.loss) {
      best = { loss: validationLoss, weights: training.weights() };
    }
  }
  const weights = best?.weights ?? training.weights();
  return { network: new Network(engine, spec, weights), history: training.history, state: training.state() };
}
