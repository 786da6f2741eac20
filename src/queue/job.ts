import * as z from 'zod';
import { contentHash } from '../core/hash.ts';
import { parse } from '../core/parse.ts';
import type { FailedEvaluation, TrainingRequest } from '../fitness/evaluation.ts';
import { contentKey } from '../fitness/evaluation.ts';
import { networkSpecSchema } from '../network/schema.ts';
import { identityOf as identityOfTeacher } from '../nn/teacher.ts';
import { trainingConfigSchema } from '../nn/training-config.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const jobSchema = z.object({
  /** The hash of the data set, and that of the file with its frames. */
  dataset: z.object({ hash, frames: hash }),
  spec: networkSpecSchema,
  /** Lists of samples by their hashes. */
  stages: z.array(z.object({ training: hash, config: trainingConfigSchema })).min(1),
  validation: hash,
  teacher: z
    .object({
      logits: hash,
      hash: z.string(),
      temperature: z.number().positive(),
      mixing: z.number().min(0).max(1),
      squared: z.boolean(),
    })
    .optional(),
  seed: z.string(),
  keepWeights: z.boolean(),
  keepState: z.boolean().optional(),
  /** A state that is gone is computed again, so it may be. */
  done: z.object({ stages: z.int().min(1), state: hash }).optional(),
});

/** A training to do, as it lies in the queue: a few kilobytes, with hashes in place of everything large. */
export type TrainingJob = z.output<typeof jobSchema>;

const seconds = z.number().min(0);
const resultSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('ok'),
    loss: z.number(),
    accuracy: z.number(),
    parameters: z.int(),
    macs: z.int(),
    /** The hash of the whole evaluation. */
    outcome: hash,
    seconds,
  }),
  z.object({
    status: z.literal('failed'),
    reason: z.enum(['error', 'diverged', 'crash', 'out-of-memory', 'time-out']),
    message: z.string(),
    seconds,
  }),
]);

/** What the queue keeps of an evaluation: the scores, for people, and the hash of the rest. */
export type JobResult = z.output<typeof resultSchema>;

/** A job's progress: the first result that a worker had, and those that differed from it, which none should. */
const progressSchema = z.object({ result: resultSchema, others: z.array(resultSchema).default([]) });
export type JobProgress = z.output<typeof progressSchema>;

/** @throws EvopatchError `INVALID_DATA` */
export function parseJob(data: unknown): TrainingJob {
  return parse(jobSchema, data, 'INVALID_DATA');
}

/** @throws EvopatchError `INVALID_DATA` */
export function parseResult(value: unknown): JobResult {
  return parse(resultSchema, value, 'INVALID_DATA');
}

/** Reads the progress of a job; `undefined` where no worker has had a result. */
export function readProgress(value: unknown): JobProgress | undefined {
  return progressSchema.safeParse(value).data;
}

/** Compares results without their times. */
export function isSameResult(
  { seconds: _, ...one }: JobResult,
  { seconds: __, ...other }: JobResult,
): boolean {
  return contentHash(one) === contentHash(other);
}

export function failedEvaluation({ status, reason, message }: FailedEvaluation): FailedEvaluation {
  return { status, reason, message };
}

/** The id of a job: equal trainings are one job. A known state changes no outcome, so it does not count. */
export function jobId(request: TrainingRequest, datasetHash: string, numerics: string): string {
  return contentHash({
    key: contentKey(request, datasetHash, numerics),
    keepState: request.keepState === true,
  });
}

/** Stores the large parts of a request. */
export interface PartHashes {
  data(values: Uint32Array | Float32Array): Promise<string>;
  state(state: NonNullable<TrainingRequest['done']>['state']): Promise<string>;
}

/** Makes the job of a request. */
export async function jobOf(
  request: TrainingRequest,
  dataset: TrainingJob['dataset'],
  hashes: PartHashes,
): Promise<TrainingJob> {
  const { spec, stages, validation, teacher, seed, keepWeights, keepState, done } = request;
  return {
    dataset,
    spec,
    stages: await Promise.all(
      stages.map(async ({ training, config }) => ({ training: await hashes.data(training), config })),
    ),
    validation: await hashes.data(validation),
    ...(teacher && { teacher: { ...identityOfTeacher(teacher), logits: await hashes.data(teacher.logits) } }),
    seed,
    keepWeights,
    ...(keepState && { keepState }),
    ...(done && { done: { stages: done.stages, state: await hashes.state(done.state) } }),
  } as TrainingJob;
}
