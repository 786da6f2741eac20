import { existsSync } from 'node:fs';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { EvopatchError } from '../core/errors.ts';
import { packageFile } from '../core/package-files.ts';
import type { Arena, Engine, SharedArenas, SharedMemory } from './arena.ts';
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

/** What a thread of a team says once its engine is open. */
export interface TeamReady {
  /** Its folder in /proc; it is there as long as the thread lives. */
  readonly task?: string;
}

/** Bytes of the memory that steers a team: the barrier's two words, then the order. */
export const CONTROL_BYTES = 12;
export const ORDER = 2;
/** Whether the work has changed since the last step. */
export const ORDERS = { step: 0, load: 1 } as const;

/** A thread that helps, and what its system calls it, as in `/proc/12/task/34`, where it does. */
interface Helper {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly task: string | undefined;
}

/**
 * Threads that train one network after the other together with the thread that opened them. They wait for work without
 * using the processor for long, until they are closed or the process ends.
 */
export class Team {
  readonly engine: Engine;
  readonly threads: number;
  readonly #helpers: readonly Helper[];
  readonly #order: Int32Array;
  readonly #barrier: Barrier;
  /** Lent to one training after the other: the helpers would keep the memory of each for as long as they live. */
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
   * Memory of zeros for a training; the one before must be over.
   *
   * @throws EvopatchError `ENGINE_UNAVAILABLE` where there is no such memory.
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
   * @throws EvopatchError `EVALUATION_FAILED` where a thread has ended, or the memory is lent to another training by now.
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

  /** While this thread waits it hears of no events, so the system is asked. */
  readonly #checkHelpers = (): void => {
    if (this.#helpers.every(({ task }) => task === undefined || existsSync(task))) return;
    this.#isBroken = true;
    throw threadEnded();
  };
}

function threadEnded(): EvopatchError {
  return new EvopatchError('EVALUATION_FAILED', 'a thread that shared the training has ended', {
    hint: 'Train again, with fewer threads if that was for lack of memory',
  });
}

/** A thread's part of a step. @param onWait as of `Barrier.meet` */
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

/** The compiled script: threads cannot run TypeScript. */
function compiledThread(): string {
  return packageFile('nn/team-thread.js', () => {
    return new URL(/* webpackIgnore: true */ '../../dist/nn/team-thread.js', import.meta.url);
  });
}

/** Waits for a thread to say that its engine is open, and what the system calls it. */
function taskOf(worker: Worker): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    worker.once('message', ({ task }: TeamReady) => resolve(task));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread ended with code ${code}`)));
  });
}
