import type { Job, Queue } from 'bullmq';
import { EvopatchError } from '../core/errors.ts';
import { failed } from '../fitness/evaluate.ts';
import type { Evaluation, TrainingRequest } from '../fitness/evaluation.ts';
import { isRepeatable } from '../fitness/evaluation-store.ts';
import type { PoolEvaluator } from '../fitness/pool-evaluator.ts';
import type { BlobStore } from './blob-store.ts';
import type { DatasetPools } from './dataset-pools.ts';
import {
  isSameResult,
  type JobResult,
  parseJob,
  parseResult,
  readProgress,
  type TrainingJob,
} from './job.ts';
import type { JobReader } from './job-reader.ts';
import { encodeOutcome } from './outcome.ts';
import type { QueueServer } from './queue-server.ts';

/** How long a job rests whose data cannot be had, before it is tried again. */
const REST_MILLISECONDS = 10_000;

export interface TrainerParts {
  readonly server: QueueServer;
  readonly queue: Queue;
  readonly store: BlobStore;
  readonly reader: JobReader;
  readonly pools: DatasetPools;
  /** Ends running trainings; their jobs go back to the queue. */
  readonly stop: AbortSignal;
  readonly onMessage: (text: string) => void;
  /** Hears of damaged data and of threads that cannot start: after either, this worker can train nothing. */
  readonly onFatal: (cause: EvopatchError) => void;
}

/** What a worker does with a job: it only waits for threads, so that its lock is renewed in time. */
export class JobTrainer {
  trained = 0;
  returned = 0;
  readonly #parts: TrainerParts;

  constructor(parts: TrainerParts) {
    this.#parts = parts;
  }

  readonly process = async (job: Job, token?: string): Promise<JobResult> => {
    let task: TrainingJob;
    try {
      task = parseJob(job.data);
    } catch (cause) {
      return {
        ...failed('error', `the job is not one of evopatch: ${(cause as Error).message}`),
        seconds: 0,
      };
    }
    let result: JobResult;
    try {
      result = await this.#train(task);
    } catch (cause) {
      return await this.#giveBack(job, token, cause);
    }
    this.trained++;
    return await this.#record(job, result);
  };

  async #train(task: TrainingJob): Promise<JobResult> {
    const { pools, reader, store, stop } = this.#parts;
    const { evaluation, seconds } = await pools.use(task.dataset, async (pool) => {
      return await evaluateOne(pool, await reader.request(task), stop);
    });
    if (evaluation.status === 'failed') return { ...evaluation, seconds };
    const { status, loss, accuracy, parameters, macs } = evaluation;
    const outcome = await store.put('exchange', encodeOutcome(evaluation));
    return { status, loss, accuracy, parameters, macs, outcome, seconds };
  }

  /** Returns a job to the queue: at once where this worker ends, later where its data are missing. Always throws. */
  async #giveBack(job: Job, token: string | undefined, cause: unknown): Promise<never> {
    const { server, stop, onMessage, onFatal } = this.#parts;
    const { DelayedError, WaitingError } = server.bullmq;
    this.returned++;
    if (stop.aborted) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const error = cause instanceof EvopatchError ? cause : undefined;
    onMessage(`returned '${job.name}' to the queue: ${(cause as Error).message}`);
    await job.moveToDelayed(Date.now() + REST_MILLISECONDS, token);
    if (error?.code !== 'QUEUE_UNAVAILABLE') onFatal(error ?? unexpected(cause));
    throw new DelayedError();
  }

  /**
   * Notes a result beside the job, where workers that got the same job see it: whoever was delivered it twice. The first result
   * counts; another one that differs is reported to everybody.
   */
  async #record(job: Job, result: JobResult): Promise<JobResult> {
    const { queue, onMessage } = this.#parts;
    if (!isRepeatable(result)) return result;
    const current: Job | undefined = await queue.getJob(job.id as string);
    const progress = readProgress(current?.progress);
    const first = current?.returnvalue ? parseResult(current.returnvalue) : progress?.result;
    if (first === undefined) await current?.updateProgress({ result, others: [] });
    if (first === undefined || isSameResult(first, result)) return result;
    onMessage(
      `warning: '${job.name}' has another result here than on the worker before: one of them computes wrongly`,
    );
    const others = [...(progress?.others ?? []), result];
    await current?.updateProgress({ result: first, others });
    return first;
  }
}

async function evaluateOne(
  pool: PoolEvaluator,
  request: TrainingRequest,
  signal: AbortSignal,
): Promise<{ evaluation: Evaluation; seconds: number }> {
  for await (const report of pool.evaluate([request], { signal })) return report;
  throw new EvopatchError('ABORTED', 'the training was stopped');
}

function unexpected(cause: unknown): EvopatchError {
  return new EvopatchError(
    'EVALUATION_FAILED',
    `the worker cannot train: ${(cause as Error).message}`,
    {},
    cause,
  );
}
