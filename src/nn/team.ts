import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { EvopatchError } from '../core/errors.ts';
import { packageFile } from '../core/package-files.ts';
import type { Arena, Engine, SharedMemory } from './arena.ts';
import { Barrier } from './barrier.ts';

/** A training step as a team runs it. Plain data but for the shared memory. */
export interface TeamWork {
  readonly memory: SharedMemory;
  readonly tensors: number;
  readonly blocks: number;
  /** Programs with a barrier behind each, [segment][thread]; −1 where a thread has nothing to do. */
  readonly segments: readonly (readonly number[])[];
}

/** What a thread of a team is born with. */
export interface TeamSetup {
  /** Exact name of the engine, as in 'native:avx2'. */
  readonly engine: string;
  /** From 1: the calling thread is number 0. */
  readonly thread: number;
  readonly threads: number;
  readonly control: SharedArrayBuffer;
  /** Where new work arrives. */
  readonly port: MessagePort;
}

/** Bytes of the memory that steers a team: the barrier's two words, then the order. */
export const CONTROL_BYTES = 12;
export const ORDER = 2;
/** Whether the work has changed since the last step. */
export const ORDERS = { step: 0, load: 1, end: 2 } as const;

/**
 * Threads that train one network together with the thread that opened them. They wait for work without using the
 * processor for long, until they are closed or the process ends.
 */
export class Team {
  readonly engine: Engine;
  readonly threads: number;
  readonly #helpers: readonly Worker[];
  readonly #ports: readonly MessagePort[];
  readonly #order: Int32Array;
  readonly #barrier: Barrier;
  #work: TeamWork | undefined;

  constructor(
    engine: Engine,
    helpers: readonly Worker[],
    ports: readonly MessagePort[],
    control: SharedArrayBuffer,
  ) {
    this.engine = engine;
    this.threads = helpers.length + 1;
    this.#helpers = helpers;
    this.#ports = ports;
    this.#order = new Int32Array(control);
    this.#barrier = new Barrier(control, this.threads);
  }

  /** Runs a step on all threads; returns when all are done. */
  run(arena: Arena, work: TeamWork): void {
    const changed = this.#work !== work;
    if (changed) for (const port of this.#ports) port.postMessage(work);
    this.#work = work;
    this.#order[ORDER] = changed ? ORDERS.load : ORDERS.step;
    this.#barrier.meet();
    runSegments(arena, work, 0, this.#barrier);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.#order[ORDER] = ORDERS.end;
    this.#barrier.meet();
    await Promise.all(this.#helpers.map((helper) => helper.terminate()));
  }
}

/** A thread's part of a step. */
export function runSegments(arena: Arena, work: TeamWork, thread: number, barrier: Barrier): void {
  for (const programs of work.segments) {
    if (programs[thread] >= 0) arena.run(work.tensors, programs[thread], work.blocks);
    barrier.meet();
  }
}

/**
 * Starts the threads of a team, the calling one included; `undefined` where one thread is all there is: with
 * `threads` 1, or an engine that cannot share its memory.
 *
 * @throws EvopatchError `INVALID_OPTION`; `ENGINE_UNAVAILABLE` where the threads cannot start; `MISSING_PACKAGE`.
 */
export async function openTeam(engine: Engine, threads: number): Promise<Team | undefined> {
  if (!Number.isInteger(threads) || threads < 1) {
    const hint = 'Give a whole number from 1';
    throw new EvopatchError('INVALID_OPTION', 'no such number of threads', {
      option: 'threads',
      given: threads,
      hint,
    });
  }
  if (threads === 1 || engine.shared === undefined) return undefined;
  const script = compiledThread();
  const control = new SharedArrayBuffer(CONTROL_BYTES);
  const ports: MessagePort[] = [];
  const helpers = Array.from({ length: threads - 1 }, (_, i) => {
    const { port1, port2 } = new MessageChannel();
    port1.unref();
    ports.push(port1);
    const name = `${engine.name}:${engine.variant}`;
    const workerData: TeamSetup = { engine: name, thread: i + 1, threads, control, port: port2 };
    const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };
    return new Worker(script, { workerData, transferList: [port2], resourceLimits });
  });
  try {
    await Promise.all(helpers.map(started));
  } catch (cause) {
    await Promise.all(helpers.map((helper) => helper.terminate()));
    throw new EvopatchError('ENGINE_UNAVAILABLE', 'the training threads cannot start', {}, cause);
  }
  for (const helper of helpers) helper.unref();
  return new Team(engine, helpers, ports, control);
}

/** The compiled script: threads cannot run TypeScript. */
function compiledThread(): string {
  return packageFile('nn/team-thread.js', () => {
    return new URL(/* webpackIgnore: true */ '../../dist/nn/team-thread.js', import.meta.url);
  });
}

/** Waits for a thread to say that its engine is open. */
function started(helper: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    helper.once('message', () => resolve());
    helper.once('error', reject);
    helper.once('exit', (code) => reject(new Error(`a thread ended with code ${code}`)));
  });
}
