import { EvopatchError } from '../core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Engine } from '../nn/engine.ts';
import type { Evaluation, TrainingRequest } from './evaluation.ts';

/** An evaluation that has finished. */
export interface EvaluationReport {
  /** Index of its request in the list. */
  readonly index: number;
  readonly evaluation: Evaluation;
  /** Duration of the last attempt; 0 if the evaluation was already known. */
  readonly seconds: number;
}

/** Trains networks: in this thread, in a pool of threads, behind a cache. */
export interface Evaluator {
  /**
   * Evaluates all requests and reports each exactly once, as it finishes. Several lists may run at a time; a reader that
   * stops early cancels its list.
   *
   * @param options `alone` promises that no other list runs meanwhile, so that idle threads may help with the remaining
   * requests
   * @throws EvopatchError `ABORTED` once the signal aborts; `EVALUATION_FAILED` if no request can be evaluated at all.
   * An error in one request gives a failed evaluation.
   */
  evaluate(
    requests: readonly TrainingRequest[],
    options?: { readonly signal?: AbortSignal; readonly alone?: boolean },
  ): AsyncIterable<EvaluationReport>;
  /**
   * Number of requests that it works on at a time, from 1; that of a queue changes as workers come and go.
   * @defaultValue the number of workers that a run is given
   */
  readonly parallelism?: number;
  /** Frees the evaluator's resources; running lists end with an error. */
  close(): Promise<void>;
}

/** Opens an evaluator for the networks of a run. */
export type OpenEvaluator = (run: {
  readonly dataset: Dataset;
  readonly engine: Engine;
}) => Evaluator | Promise<Evaluator>;

export function abortedError(signal?: AbortSignal): EvopatchError {
  return new EvopatchError('ABORTED', 'the evaluation was stopped', {}, signal?.reason);
}
