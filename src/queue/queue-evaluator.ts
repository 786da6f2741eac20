import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue, QueueEvents } from 'bullmq';
import { EvopatchError } from '../core/errors.ts';
import { ValueStream } from '../core/value-stream.ts';
import { failed } from '../fitness/evaluate.ts';
import type { Evaluation, TrainingRequest } from '../fitness/evaluation.ts';
import { isRepeatable } from '../fitness/evaluation-store.ts';
import { abortedError, type EvaluationReport, type Evaluator } from '../fitness/evaluator.ts';
import type { BlobFolder } from './blob-folder.ts';
import { jobId, jobOf, parseResult, readProgress, type TrainingJob } from './job.ts';
import { type EndedJob, OpenJobs } from './open-jobs.ts';
import { decodeOutcome } from './outcome.ts';
import { CLOSING_MILLISECONDS, within } from './queue-server.ts';
import type { SharedParts } from './shared-parts.ts';
import { ThreadCount } from './worker-threads.ts';

/** Jobs that are added with one call, and those of a run that lie in the queue at a time: more than any fleet has threads. */
const ADDED_AT_ONCE = 200;
const MAX_OPEN = 1000;
/** Looks without a worker before that is reported: they take a while to start. */
const PATIENCE = 4;

export interface QueueParts {
  readonly queue: Queue;
  readonly events: QueueEvents;
  readonly folder: BlobFolder;
  readonly shared: SharedParts;
  readonly dataset: TrainingJob['dataset'];
  readonly numerics: string;
  readonly onWarning: (message: string) => void;
  /** Closes queue, events and what was opened with them. */
  readonly onClose: () => Promise<void>;
}

type Answer = Omit<EvaluationReport, 'index'>;

/** Who waits for a job. */
interface Reader {
  readonly answer: (answer: Answer) => void;
  readonly fail: (cause: unknown) => void;
}

interface PendingJob {
  readonly request: TrainingRequest;
  readonly readers: Set<Reader>;
  /** Once it lies in the queue. */
  data?: TrainingJob;
}

/** Evaluates on whatever workers take jobs from a queue. */
export class QueueEvaluator implements Evaluator {
  readonly #parts: QueueParts;
  readonly #open: OpenJobs;
  readonly #threads: ThreadCount;
  readonly #jobs = new Map<string, PendingJob>();
  readonly #lists = new Set<AbortController>();
  /** Wakes those who wait for room in the queue. */
  readonly #waiting: (() => void)[] = [];
  readonly #tidying = new Set<Promise<void>>();
  /** What has been reported already. */
  readonly #said = new Set<string>();
  /** How often in a row there was no worker. */
  #looks = 0;
  #end: EvopatchError | undefined;

  constructor(parts: QueueParts) {
    const { queue, events } = parts;
    this.#parts = parts;
    this.#threads = new ThreadCount(queue);
    for (const client of [queue, events] as EventEmitter[])
      client.on('error', (cause) => this.#reportOutage(cause));
    events.on('progress', ({ jobId: id, data }) => this.#reportDifference(id, data));
    this.#open = new OpenJobs({
      queue,
      events,
      onEnd: (ended) => void this.#settle(ended).catch((cause) => this.#fail(ended.job.id as string, cause)),
      onLost: (id) => void this.#add([id]).catch((cause) => this.#fail(id, cause)),
      onQuiet: () => void this.#reportQuiet().catch((cause) => this.#reportOutage(cause)),
      onError: (cause) => this.#reportOutage(cause),
    });
  }

  async *evaluate(
    requests: readonly TrainingRequest[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<EvaluationReport> {
    if (this.#end !== undefined) throw this.#end;
    if (signal?.aborted) throw abortedError(signal);
    if (requests.length === 0) return;
    const reports = new ValueStream<EvaluationReport>();
    const list = new AbortController();
    list.signal.addEventListener('abort', () => reports.fail(list.signal.reason));
    const abort = () => list.abort(abortedError(signal));
    signal?.addEventListener('abort', abort);
    this.#lists.add(list);
    let open = requests.length;
    const readers = requests.map(
      (_, index): Reader => ({
        answer: (answer) => {
          reports.send({ index, ...answer });
          if (--open === 0) reports.end();
        },
        fail: reports.fail,
      }),
    );
    const ids = requests.map((request) => {
      return jobId(request, this.#parts.dataset.hash, this.#parts.numerics);
    });
    try {
      const fresh = ids.filter((id, index) => this.#join(id, requests[index], readers[index]));
      this.#addAll(fresh).catch(reports.fail);
      yield* reports;
    } finally {
      this.#lists.delete(list);
      signal?.removeEventListener('abort', abort);
      for (const [index, id] of ids.entries()) this.#leave(id, readers[index]);
    }
  }

  /** The threads of all workers that are connected. */
  get parallelism(): number {
    return Math.max(1, this.#threads.latest);
  }

  async close(): Promise<void> {
    this.#end ??= new EvopatchError('ABORTED', 'the evaluator is closed');
    for (const list of this.#lists) list.abort(this.#end);
    await sleep(0); // readers leave their jobs
    await within(CLOSING_MILLISECONDS, Promise.allSettled(this.#tidying));
    this.#open.close();
    await this.#parts.onClose();
  }

  /** Waits for a job. @returns whether it has to be added */
  #join(id: string, request: TrainingRequest, reader: Reader): boolean {
    const pending = this.#jobs.get(id);
    if (pending === undefined) this.#jobs.set(id, { request, readers: new Set([reader]) });
    else pending.readers.add(reader);
    return pending === undefined;
  }

  /** Waits no longer; a job that nobody waits for leaves the queue, unless a worker has begun it. */
  #leave(id: string, reader: Reader): void {
    const pending = this.#jobs.get(id);
    pending?.readers.delete(reader);
    if (pending === undefined || pending.readers.size > 0) return;
    this.#forget(id);
    const tidying = this.#discard(id).finally(() => this.#tidying.delete(tidying));
    this.#tidying.add(tidying);
  }

  #forget(id: string): void {
    const { data } = this.#jobs.get(id) ?? {};
    this.#jobs.delete(id);
    this.#open.forget(id);
    for (const go of this.#waiting.splice(0)) go();
    if (data?.done !== undefined) void this.#parts.folder.remove(data.done.state);
  }

  /** Takes a job out of the queue, unless a worker has it. */
  async #discard(id: string): Promise<void> {
    const job = await this.#parts.queue.getJob(id).catch(() => undefined);
    await job?.remove().catch(() => undefined);
  }

  /** Adds jobs as there is room for them, so that a long list does not fill the memory of the server. */
  async #addAll(ids: readonly string[]): Promise<void> {
    for (let start = 0; start < ids.length; start += ADDED_AT_ONCE) {
      while (this.#open.size > MAX_OPEN - ADDED_AT_ONCE)
        await new Promise<void>((go) => this.#waiting.push(go));
      await this.#add(ids.slice(start, start + ADDED_AT_ONCE));
    }
  }

  /** Adds jobs, or adds them again. */
  async #add(ids: readonly string[]): Promise<void> {
    const { queue, dataset, shared } = this.#parts;
    const jobs: Parameters<Queue['addBulk']>[0] = [];
    for (const id of ids) {
      const pending = this.#jobs.get(id);
      if (pending === undefined) continue; // nobody waits for it any more
      pending.data = await jobOf(pending.request, dataset, shared);
      jobs.push({ name: pending.request.spec.name, data: pending.data, opts: { jobId: id } });
    }
    if (jobs.length === 0) return;
    await queue.addBulk(jobs);
    const added = jobs.map(({ opts }) => opts?.jobId as string);
    for (const id of added) if (!this.#jobs.has(id)) await this.#discard(id); // whose list was stopped meanwhile
    await this.#open.watch(added.filter((id) => this.#jobs.has(id)));
  }

  /** Gives the readers of a job what came of it. */
  async #settle(ended: EndedJob): Promise<void> {
    const id = ended.job.id as string;
    this.#reportDifference(id, ended.job.progress);
    const answer = await this.#answerOf(ended);
    const pending = this.#jobs.get(id);
    if (answer === undefined || !isRepeatable(answer.evaluation)) await this.#discard(id);
    if (pending === undefined) return;
    if (answer === undefined) return await this.#add([id]);
    this.#forget(id);
    this.#said.delete('outage');
    for (const reader of pending.readers) reader.answer(answer);
  }

  /** Reads what came of a job; `undefined` where its outcome has been fetched before and is gone. */
  async #answerOf({ job, state }: EndedJob): Promise<Answer | undefined> {
    if (state === 'failed') {
      return { evaluation: failed('crash', `no worker finished it: ${job.failedReason}`), seconds: 0 };
    }
    const result = parseResult(job.returnvalue);
    const { seconds } = result;
    if (result.status === 'failed') return { evaluation: failed(result.reason, result.message), seconds };
    const { folder } = this.#parts;
    const bytes = await folder.get('exchange', result.outcome);
    if (bytes === undefined) return undefined;
    const evaluation: Evaluation = decodeOutcome(bytes);
    await folder.remove(result.outcome);
    return { evaluation, seconds };
  }

  #fail(id: string, cause: unknown): void {
    const readers = this.#jobs.get(id)?.readers ?? [];
    this.#forget(id);
    for (const reader of readers) reader.fail(cause);
  }

  /** Says that workers disagree, which means that one of them computes wrongly: equal trainings give equal bits. */
  #reportDifference(id: string, progress: unknown): void {
    const { others = [] } = readProgress(progress) ?? {};
    if (others.length === 0) return;
    const workers = `training ${id.slice(0, 12)}`;
    this.#say(
      id,
      `${workers} had different results on different workers: the first counts, but one of them is wrong`,
    );
  }

  #reportOutage(cause: unknown): void {
    if (this.#end !== undefined) return;
    this.#say('outage', `the queue does not answer, and the run waits for it: ${(cause as Error).message}`);
  }

  async #reportQuiet(): Promise<void> {
    const { queue } = this.#parts;
    this.#said.delete('outage');
    this.#looks = (await queue.getWorkersCount()) > 0 ? 0 : this.#looks + 1;
    if (this.#looks === 0) this.#said.delete('no worker');
    if (this.#looks < PATIENCE) return;
    this.#say('no worker', `${this.#open.size} trainings wait: no worker takes jobs from ${queue.name}`);
  }

  /** Reports what has not been reported yet. */
  #say(what: string, message: string): void {
    if (this.#said.has(what)) return;
    this.#said.add(what);
    this.#parts.onWarning(message);
  }
}
