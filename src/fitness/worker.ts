import { workerData } from 'node:worker_threads';
import type { Dataset } from '../data/dataset.ts';
import { type Engine, openEngine } from '../nn/engine.ts';
import { openTeam, type Team } from '../nn/team.ts';
import { evaluate, failed } from './evaluate.ts';
import type { Evaluation, TrainingRequest } from './evaluation.ts';

/** The data with which every thread of a pool starts. The data set's arrays are shared, not copied. */
export interface WorkerSetup {
  readonly dataset: Dataset;
  /** Exact name of the engine to open, as in 'native:avx2'. */
  readonly engine: string;
}

export interface WorkerTask {
  readonly request: TrainingRequest;
  /** The thread writes here when it starts on the task, milliseconds since 1970; 0 before. */
  readonly startedAt: BigInt64Array;
  /** Threads that may share the training, this one included; the evaluation is the same for any number. */
  readonly threads: number;
}

export interface WorkerAnswer {
  readonly evaluation: Evaluation;
  readonly seconds: number;
}

let engine: Engine | undefined; // opened by the first task, so that a failure reaches its caller
let team: Team | undefined; // kept for the next task of as many threads

/** Runs in a thread of the pool. */
export default async function work(task: WorkerTask): Promise<WorkerAnswer> {
  markStart(task);
  const start = performance.now();
  const evaluation = await openAndEvaluate(task);
  return { evaluation, seconds: (performance.now() - start) / 1000 };
}

export function markStart(task: WorkerTask): void {
  Atomics.store(task.startedAt, 0, BigInt(Date.now()));
}

async function openAndEvaluate({ request, threads }: WorkerTask): Promise<Evaluation> {
  const setup = workerData as WorkerSetup;
  try {
    engine ??= await openEngine(setup.engine);
  } catch (cause) {
    return failed('error', cause instanceof Error ? cause.message : String(cause));
  }
  return evaluate(engine, setup.dataset, request, await teamOf(engine, threads));
}

/** Opens a team, unless a task has one thread or the threads cannot start: then this thread trains alone. */
async function teamOf(engine: Engine, threads: number): Promise<Team | undefined> {
  if (threads === 1) return undefined;
  if (team?.threads !== threads || team.isBroken) {
    await team?.close();
    team = await openTeam(engine, threads).catch(() => undefined);
  }
  return team;
}
