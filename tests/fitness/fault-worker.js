// A worker with the fault that the seed of its request names; without a fault it does the real work.
import { existsSync, writeFileSync } from 'node:fs';
import work, { markStart } from '../../dist/fitness/worker.js';

export default async function workOrFail(task) {
  markStart(task);
  const [fault, marker] = task.request.seed.split(' ');
  const again = marker !== undefined && existsSync(marker);
  if (marker !== undefined && !again) writeFileSync(marker, '');
  if (!again && fault in faults) await faults[fault]();
  return work(task);
}

const faults = {
  exit: () => process.exit(3),
  throw: () => {
    setImmediate(() => {
      throw new Error('an uncaught error');
    });
    return new Promise(() => {});
  },
  allocate: () => {
    const lists = [];
    for (;;) lists.push(new Array(100_000).fill(lists.length));
  },
  loop: () => {
    for (;;);
  },
};
