import { readlinkSync } from 'node:fs';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Arena } from './arena.ts';
import { Barrier } from './barrier.ts';
import { openEngine } from './engine.ts';
import { ORDER, ORDERS, runSegments, type TeamReady, type TeamSetup, type TeamWork } from './team.ts';

// A helper of a team runs its part of each step here and sleeps at the barrier in between.

const { engine: name, thread, threads, control, port } = workerData as TeamSetup;
const engine = await openEngine(name);
const barrier = new Barrier(control, threads);
const orders = new Int32Array(control);
let work: TeamWork | undefined;
let arena: Arena | undefined;

parentPort?.postMessage({ task: ownTask() } satisfies TeamReady);
for (;;) {
  barrier.meet();
  if (orders[ORDER] === ORDERS.load) {
    work = receiveMessageOnPort(port)?.message as TeamWork;
    arena = engine.shared?.open(work.memory);
  }
  if (arena && work) runSegments(arena, work, thread, barrier);
}

function ownTask(): string | undefined {
  try {
    return `/proc/${readlinkSync('/proc/thread-self')}`;
  } catch {
    return undefined; // no /proc: not Linux
  }
}
