/**
 * Evaluations on other machines: a queue of trainings on Redis or PostgreSQL, by BullMQ. Needs two more packages: `bullmq`, and `ioredis`
 * or `pg`.
 *
 * @packageDocumentation
 */
export type { ServeDataOptions } from './blob-server.ts';
export { type QueueEvaluatorOptions, queueEvaluator } from './open-queue-evaluator.ts';
export { type QueueWorkerOptions, type QueueWorkerReport, runQueueWorker } from './run-worker.ts';
