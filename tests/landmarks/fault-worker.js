// A worker with the fault that its first photo names: a single row whose pixels spell the fault and, after a space, a file.
// The worker writes that file at the first fault, and works if it exists. Other photos are processed normally.
import { existsSync, writeFileSync } from 'node:fs';
import work from '../../dist/landmarks/landmark-worker.js';

export default async function workOrFail(task) {
  const [first] = task.photos;
  const text = first.height === 1 ? Buffer.from(first.pixels).toString('latin1').trim() : '';
  const [fault, marker] = text.split(' ');
  const again = marker !== undefined && existsSync(marker);
  if (marker !== undefined && !again) writeFileSync(marker, '');
  if (!again && fault in faults) await faults[fault]();
  return work(task);
}

const faults = {
  exit: () => process.exit(3),
  throw: () => {
    throw new Error('thrown by the worker');
  },
  reject: () => {
    setImmediate(() => {
      throw new Error('an uncaught error');
    });
    return new Promise(() => {});
  },
  loop: () => {
    for (;;);
  },
};
