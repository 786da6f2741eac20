import { randomUUID } from 'node:crypto';
import type { Queue } from 'bullmq';
import * as z from 'zod';
import { type Identity, queueNameOf } from './identity.ts';
import { CLOSING_MILLISECONDS, type QueueServer, within } from './queue-server.ts';

/** The queue of the runs under way; its jobs are never taken, but read by workers. */
const RUNS = 'evopatch-runs';

const identitySchema = z.object({
  version: z.string(),
  numerics: z.enum(['fused', 'unfused']),
  format: z.int(),
}) satisfies z.ZodType<Identity>;

/** The announcement of a run. */
export interface Announcement {
  withdraw(): Promise<void>;
}

/** Announces a run, so that workers that do not match it say so. */
export async function announce(server: QueueServer, identity: Identity): Promise<Announcement> {
  const runs = openRuns(server);
  const job = await runs.add('run', identity, { jobId: randomUUID() });
  return {
    withdraw: async () => {
      await within(CLOSING_MILLISECONDS, job.remove());
      await server.close(runs);
    },
  };
}

/** Lists the identities of the announced runs that do not match a worker. */
export async function mismatches(runs: Queue, own: Identity): Promise<Identity[]> {
  const found = new Map<string, Identity>();
  for (const { data } of await runs.getWaiting()) {
    const identity = identitySchema.safeParse(data).data;
    if (identity !== undefined) found.set(queueNameOf(identity), identity);
  }
  found.delete(queueNameOf(own));
  return [...found.values()];
}

export function openRuns(server: QueueServer): Queue {
  const runs = server.queue(RUNS);
  runs.on('error', () => undefined); // the queue of the trainings reports it
  return runs;
}
