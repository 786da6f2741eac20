import type { EventEmitter } from 'node:events';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { defaultCacheFolder } from '../core/cache-folder.ts';
import { EvopatchError } from '../core/errors.ts';
import { parse, strictOptions } from '../core/parse.ts';
import type { OpenEvaluator } from '../fitness/evaluator.ts';
import { announce, openRuns } from './announcements.ts';
import { BlobFolder } from './blob-folder.ts';
import { type ServeDataOptions, serveBlobs, serveDataSchema } from './blob-server.ts';
import { identityOf, queueNameOf } from './identity.ts';
import { QueueEvaluator } from './queue-evaluator.ts';
import { QueueServer } from './queue-server.ts';
import { SharedParts } from './shared-parts.ts';

export interface QueueEvaluatorOptions {
  /**
   * The server of the queue: `redis://HOST:PORT`, `rediss://…` for TLS, or `postgres://…`. A URL without a password takes it from
   * `EVOPATCH_QUEUE_PASSWORD`.
   */
  readonly connection: string;
  /** A folder that the workers see too: faces, states and models go through it. @defaultValue `queue` in the cache folder */
  readonly dataRoot?: string;
  /** Serves that folder over HTTP, for workers that do not see it. */
  readonly serveData?: ServeDataOptions;
  /** Hears that no worker is there, that the server does not answer, and that workers disagree. @defaultValue a warning of the process */
  readonly onWarning?: (message: string) => void;
  /** BullMQ's hook for traces and metrics, such as `new BullMQOtel('evopatch')` of the package `bullmq-otel`. */
  readonly telemetry?: object;
}

const optionsSchema = strictOptions({
  connection: z.string(),
  dataRoot: z.string().min(1).optional(),
  serveData: serveDataSchema.optional(),
  onWarning: z.custom<(message: string) => void>((value) => typeof value === 'function').optional(),
  telemetry: z.custom<object>((value) => typeof value === 'object').optional(),
});

/**
 * Evaluates on the workers of a queue (`evopatch worker`), on any number of machines, with the results of threads of this process,
 * bit for bit.
 *
 * ```ts
 * await evolvePatches({ dataset, evaluator: queueEvaluator({ connection: 'redis://127.0.0.1:6379' }) });
 * ```
 *
 * @throws EvopatchError `INVALID_OPTION` or `MISSING_PACKAGE` at once; when the run opens it, `QUEUE_UNAVAILABLE` where the server
 * does not answer, `FILE_SYSTEM` where the folder cannot be written.
 */
export function queueEvaluator(options: QueueEvaluatorOptions): OpenEvaluator {
  const { connection, dataRoot, serveData, onWarning, telemetry } = parse(
    optionsSchema,
    options,
    'INVALID_OPTION',
  );
  const server = new QueueServer(connection, telemetry);
  const folder = new BlobFolder(dataRoot ?? defaultDataRoot());
  return async ({ dataset, engine }) => {
    const identity = identityOf(engine);
    const name = queueNameOf(identity);
    const [queue, events] = [server.queue(name), server.events(name)];
    const warn = onWarning ?? ((message) => process.emitWarning(message, { code: 'EVOPATCH_QUEUE' }));
    const opened = [() => server.close(queue), () => server.close(events)];
    const close = async () => {
      await Promise.allSettled(opened.map((end) => end()));
    };
    try {
      for (const client of [queue, events]) {
        (client as EventEmitter).on('error', () => undefined); // until the evaluator reports them
        await server.ready(client);
      }
      await folder.prepare();
      const shared = new SharedParts(folder);
      const frames = await shared.frames(dataset);
      if (serveData !== undefined) {
        const served = await serveBlobs(folder, serveData);
        opened.push(served.close);
      }
      const announcement = await announce(server, identity);
      opened.push(announcement.withdraw);
      return new QueueEvaluator({
        queue,
        events,
        folder,
        shared,
        dataset: { hash: dataset.hash, frames },
        numerics: engine.numerics,
        onWarning: warn,
        onClose: close,
      });
    } catch (cause) {
      await close();
      throw cause;
    }
  };
}

/** @throws EvopatchError `INVALID_OPTION`, `MISSING_PACKAGE`, or `QUEUE_UNAVAILABLE` where the server does not answer */
export async function checkQueue(connection: string): Promise<void> {
  const server = new QueueServer(connection);
  const runs = openRuns(server);
  try {
    await server.ready(runs);
  } finally {
    await server.close(runs);
  }
}

/** @throws EvopatchError `INVALID_OPTION` if there is no cache folder */
export function defaultDataRoot(): string {
  const cache = defaultCacheFolder();
  if (cache !== undefined) return resolve(join(cache, 'queue'));
  const hint = 'There is no home folder; name a folder that the workers see too';
  throw new EvopatchError('INVALID_OPTION', 'is required', { option: 'dataRoot', hint });
}
