import { existsSync } from 'node:fs';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { EvopatchError } from '../core/errors.ts';
import { packageFile } from '../core/package-files.ts';
import type { Arena, Engine, SharedArenas, SharedMemory } from './arena.ts';
import { Barrier } from './barrier.ts';

/** A training step for a team. Plain data except the shared memory. */
export interface TeamWork {
  readonly memory: SharedMemory;
  readonly tensors: number;
  readonly blocks: number;
  /** Programs with a barrier after each, [segment][thread]; −1 if a thread has nothing to do. */
  readonly segments: readonly (readonly number[])[];
}

/** The data with which a thread of a team starts. */
export interface TeamSetup {
  /** Exact name of the engine, as in 'native:avx2'. */
  readonly engine: string;
  /** From 1: the calling thread is number 0. */
  readonly thread: number;
  readonly threads: number;
  readonly control: SharedArrayBuffer;
  /** Receives new work. */
  readonly port: MessagePort;
}

/** The message of a thread of a team once its engine is open. */
export interface TeamReady {
  /** Its folder in /proc, which exists as long as the thread lives. */
  readonly task?: string;
}

/** Bytes of the memory that controls a team: the barrier's two words, then the order. */
export const CONTROL_BYTES = 12;
export const ORDER = 2;
/** Whether the work has changed since the last step. */
export const ORDERS = { step: 0, load: 1 } as const;

/** A helper thread, with its folder in /proc if there is one, as in `/proc/12/task/34`. */
interface Helper {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly task: string | undefined;
}

/**
 * Threads that train one network after another, together with the thread that opened them. They sleep between trainings
 * until they are closed or the process ends.
 */
export class Team {
  readonly engine: Engine;
  readonly threads: number;
  readonly #helpers: readonly Helper[];
  readonly #order: Int32Array;
  readonly #barrier: Barrier;
  /** Lent to one training after another: with a memory for each, the helpers would keep all of them. */
  #memory: SharedArrayBuffer | undefined;
  #lent: SharedMemory | undefined;
  #work: TeamWork | undefined;
  #isBroken = false;

  constructor(engine: Engine, helpers: readonly Helper[], control: SharedArrayBuffer) {
    this.engine = engine;
    this.threads = helpers.length + 1;
    this.#helpers = helpers;
    this.#order = new Int32Array(control);
    this.#barrier = new Barrier(control, this.threads);
    for (const { worker } of helpers) {
      worker.once('exit', () => {
        this.#isBroken = true;
      });
      worker.on('error', () => undefined); // it exits too
    }
  }

  /** Whether one of its threads has ended, so that it cannot train any more. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /**
   * Lends memory of zeros to a training, after the end of the previous one.
   *
   * @throws EvopatchError `ENGINE_UNAVAILABLE` if there is not enough memory.
   */
  lendMemory(words: number): SharedMemory {
    const shared = this.engine.shared as SharedArenas;
    if (this.#memory === undefined || this.#memory.byteLength < 4 * words) {
      this.#memory = shared.create(2 ** Math.ceil(Math.log2(words))).buffer;
    } else {
      new Uint8Array(this.#memory).fill(0);
    }
    this.#lent = { buffer: this.#memory, words };
    return this.#lent;
  }

  /**
   * Runs a step on all threads; returns when all are done.
   *
   * @throws EvopatchError `EVALUATION_FAILED` if a thread has ended, or another training has borrowed the memory since.
   */
  run(arena: Arena, work: TeamWork): void {
    if (this.#isBroken) throw threadEnded();
    if (work.memory !== this.#lent) {
      throw new EvopatchError('EVALUATION_FAILED', 'a team of threads trains one network at a time');
    }
    const changed = this.#work !== work;
    if (changed) for (const { port } of this.#helpers) port.postMessage(work);
    this.#work = work;
    this.#order[ORDER] = changed ? ORDERS.load : ORDERS.step;
    this.#barrier.meet(this.#checkHelpers);
    runSegments(arena, work, 0, this.#barrier, this.#checkHelpers);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#helpers.map(({ worker }) => worker.terminate()));
  }

  /** A waiting thread receives no events, so this looks for the helpers in /proc. */
  readonly #checkHelpers = (): void => {
    if (this.#helpers.every(({ task }) => task === undefined || existsSync(task))) return;
    this.#isBroken = true;
    throw threadEnded();
  };
}

function threadEnded(): EvopatchError {
  return new EvopatchError('EVALUATION_FAILED', 'a thread that shared the training has ended', {
    hint: 'Train again, with fewer threads if memory ran out',
  });
}

/** Runs a thread's part of a step. @param onWait as in `Barrier.meet` */
export function runSegments(
  arena: Arena,
  work: TeamWork,
  thread: number,
  barrier: Barrier,
  onWait?: () => void,
): void {
  for (const programs of work.segments) {
    if (programs[thread] >= 0) arena.run(work.tensors, programs[thread], work.blocks);
    barrier.meet(onWait);
  }
}

/**
 * Starts a team of `threads`, the calling one included. Returns `undefined` if `threads` is 1 or the engine cannot share
 * its memory.
 *
 * @throws EvopatchError `INVALID_OPTION`; `ENGINE_UNAVAILABLE` if the threads cannot start; `MISSING_PACKAGE`.
 */
export async function openTeam(engine: Engine, threads: number): Promise<Team | undefined> {
  if (!Number.isInteger(threads) || threads < 1) {
    const problem = 'must be a whole number from 1';
    throw new EvopatchError('INVALID_OPTION', problem, { option: 'threads', given: threads });
  }
  if (threads === 1 || engine.shared === undefined) return undefined;
  const script = compiledThread();
  const control = new SharedArrayBuffer(CONTROL_BYTES);
  const workers: Worker[] = [];
  const start = async (thread: number): Promise<Helper> => {
    const { port1, port2 } = new MessageChannel();
    port1.unref();
    const name = `${engine.name}:${engine.variant}`;
    const workerData: TeamSetup = { engine: name, thread, threads, control, port: port2 };
    const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };
    const worker = new Worker(script, { workerData, transferList: [port2], resourceLimits });
    workers.push(worker);
    return { worker, port: port1, task: await taskOf(worker) };
  };
  try {
    const helpers = await Promise.all(Array.from({ length: threads - 1 }, (_, i) => start(i + 1)));
    for (const { worker } of helpers) worker.unref();
    return new Team(engine, helpers, control);
  } catch (cause) {
    await Promise.all(workers.map((worker) => worker.terminate()));
    throw new EvopatchError('ENGINE_UNAVAILABLE', 'the training threads cannot start', {}, cause);
  }
}

/** Finds the compiled script: threads cannot run TypeScript. */
function compiledThread(): string {
  return packageFile('nn/team-thread.js', () => {
    return new URL(/* webpackIgnore: true */ '../../dist/nn/team-thread.js', import.meta.url);
  });
}

/** Waits until a thread has opened its engine; returns the thread's folder in /proc. */
function taskOf(worker: Worker): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    worker.once('message', ({ task }: TeamReady) => resolve(task));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread ended with code ${code}`)));
  });
}
