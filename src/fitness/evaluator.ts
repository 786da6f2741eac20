import { EvopatchError } from '../core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Engine } from '../nn/engine.ts';
import type { Evaluation, TrainingRequest } from './evaluation.ts';

/** An evaluation that has finished. */
export interface EvaluationReport {
  /** Place of its request in the list. */
  readonly index: number;
  readonly evaluation: Evaluation;
  /** How long it took in the end; 0 for one that was known already. */
  readonly seconds: number;
}

/** Something that trains networks: in this thread, in a pool of threads, behind a cache. */
export interface Evaluator {
  /**
   * Evaluates all requests, reporting each exactly once, as they finish. Several lists may be under way at a time; to
   * stop reading a list gives it up.
   *
   * @param options `alone` promises that nothing else will be asked for meanwhile, so that threads that would be idle may
   * help with what is left
   * @throws EvopatchError `ABORTED` once the signal says so; `EVALUATION_FAILED` where no request can be evaluated at
   * all. What goes wrong with one request is a failed evaluation.
   */
  evaluate(
    requests: readonly TrainingRequest[],
    options?: { readonly signal?: AbortSignal; readonly alone?: boolean },
  ): AsyncIterable<EvaluationReport>;
  /** Ends what the evaluator holds; lists under way end with an error. */
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
