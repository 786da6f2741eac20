import type { FailedEvaluation, TrainingRequest } from '../fitness/evaluation.ts';
import type { OpenTraining } from '../search/asynchronous/asynchronous-state.ts';
import type { Result } from '../search/asynchronous/log-entry.ts';
import { scoreOf } from './score.ts';
import type { Trainer } from './trainer.ts';

/** How long to wait for a result before one looks whether workers have joined. */
const PATIENCE_MILLISECONDS = 1000;

/** The trainings of an asynchronous search that are under way, and the results of those that have ended. */
export class OpenTrainings {
  readonly #trainer: Trainer;
  /** What gives up each training: with one signal for all, thousands of listeners on it would take longer than the rest. */
  readonly #running = new Map<Promise<void>, AbortController>();
  readonly #results: Result[] = [];
  /** The states of trainings that a higher rung can continue, by the hash of the genome. */
  readonly #states = new Map<string, NonNullable<TrainingRequest['done']>>();
  #wake: () => void = () => undefined;
  #error: { readonly cause: unknown } | undefined;
  lastFailure: FailedEvaluation | undefined;

  constructor(trainer: Trainer) {
    this.#trainer = trainer;
    trainer.parts.signal.addEventListener('abort', this.#abort);
  }

  /** Number of trainings that have not ended. */
  get size(): number {
    return this.#running.size;
  }

  start(training: OpenTraining): void {
    const controller = new AbortController();
    const { signal } = this.#trainer.parts;
    if (signal.aborted) controller.abort(signal.reason);
    const running = this.#train(training, controller.signal)
      .catch((cause) => {
        this.#error ??= { cause };
      })
      .finally(() => {
        this.#running.delete(running);
        this.#wake();
      });
    this.#running.set(running, controller);
  }

  /** Waits until a training ends, or for a second. */
  async wait(): Promise<void> {
    if (this.#results.length > 0 || this.#error !== undefined || this.size === 0) return;
    await new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, PATIENCE_MILLISECONDS);
      this.#wake = () => {
        clearTimeout(patience);
        resolve();
      };
    });
  }

  /**
   * Takes the earliest result that has not been taken; `undefined` where there is none.
   *
   * @throws whatever a training threw.
   */
  next(): Result | undefined {
    const result = this.#results.shift();
    if (result === undefined && this.#error !== undefined) throw this.#error.cause;
    return result;
  }

  /** Forgets the states of all genomes but these. */
  keepStatesOf(hashes: readonly string[]): void {
    const kept = new Set(hashes);
    for (const hash of this.#states.keys()) if (!kept.has(hash)) this.#states.delete(hash);
  }

  /** Gives up all that is under way, and waits until it has ended. */
  async giveUp(): Promise<void> {
    this.#abort();
    await Promise.all(this.#running.keys());
    this.#trainer.parts.signal.removeEventListener('abort', this.#abort);
  }

  readonly #abort = (): void => {
    const { reason } = this.#trainer.parts.signal;
    for (const controller of this.#running.values()) controller.abort(reason);
  };

  async #train(training: OpenTraining, signal: AbortSignal): Promise<void> {
    const { proposal, hash, from, generation, rung, repeat, below } = training;
    const done = from < 0 ? undefined : this.#states.get(hash);
    const step = { purpose: 'fitness', generation, rung, repeat } as const;
    const jobs = [{ genome: proposal.genome, done }];
    const [evaluation] = await this.#trainer.trainForFitness(jobs, step, signal);
    if (evaluation === undefined) return; // stopped
    this.#states.delete(hash);
    if (evaluation.status === 'failed') this.lastFailure = evaluation;
    else if (evaluation.state !== undefined) {
      this.#states.set(hash, { stages: rung + 1, state: evaluation.state });
    }
    const score =
      evaluation.status === 'failed'
        ? null
        : scoreOf(proposal.genome, rung, evaluation, this.#trainer, below);
    this.#results.push({ type: 'ended', training: training.training, score });
  }
}
