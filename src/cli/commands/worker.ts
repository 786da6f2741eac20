import { resolve } from 'node:path';
import type { EngineChoice } from '../../nn/engine.ts';
import { runQueueWorker } from '../../queue/run-worker.ts';
import { formatCount } from '../../summary/format.ts';
import { writeLine } from '../../summary/live-lines.ts';
import { defineCommand } from '../command.ts';
import { DATA_ROOT_OPTION, QUEUE_OPTION } from '../options/queue-options.ts';
import { ENGINE_OPTION, WORKERS_OPTION } from '../options/shared-options.ts';

export const workerCommand = defineCommand({
  name: 'worker',
  summary: 'Train for searches on other machines',
  description:
    'Takes trainings from a queue, which evopatch evolve --queue fills, until it is interrupted. Workers join and leave at any ' +
    'time; the result of the search does not depend on them. When interrupted, trainings that end within 20 seconds are finished, ' +
    'and others go back to the queue. A worker of another release, or whose engine rounds differently, takes no job of a run and says so.',
  options: {
    queue: { ...QUEUE_OPTION, required: true },
    'data-root': {
      ...DATA_ROOT_OPTION,
      placeholder: 'DIR|URL',
      description:
        'The folder of evopatch evolve --data-root, or the address of its --serve-data: http://HOST:PORT, with the token of ' +
        'EVOPATCH_DATA_TOKEN.',
    },
    workers: {
      ...WORKERS_OPTION,
      minimum: 1,
      description: 'Threads, each of which trains one network at a time',
    },
    engine: ENGINE_OPTION,
  },
  examples: [
    'evopatch worker --queue redis://127.0.0.1:6379',
    'evopatch worker --queue rediss://evopatch@queue.example:6379 --data-root http://coordinator.example:8431 --workers 8',
  ],
  savesWhenInterrupted: true,
  run: async ({ queue: connection, 'data-root': root, workers, engine }, { signal, progress }) => {
    const json = await runQueueWorker({
      connection,
      dataRoot: root === undefined || /^https?:/.test(root) ? root : resolve(root),
      workers,
      engine: engine as EngineChoice | undefined,
      signal,
      onMessage: (text) => writeLine(progress, text),
    });
    const text = `${formatCount(json.trained)} trainings for ${json.queue}; ${formatCount(json.returned)} given back`;
    return { json, text };
  },
});
