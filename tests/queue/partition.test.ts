import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { queueEvaluator } from '../../src/queue/index.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { timeless, tinyRun } from '../evolution/running.ts';
import { describeNetwork, makeNetwork } from './network.ts';
import { describeRedis, startRedis } from './servers.ts';
import { killWorkers, startWorker } from './workers.ts';

const options = { ...tinyRun, controls: 'none', finalists: 1 } as const;
const LOCK_MILLISECONDS = 1000;

describeRedis('a run on a queue', () => {
  describeNetwork('whose network is parted', () => {
    test('goes on without the worker beyond, which works again once the network heals', {
      timeout: 300_000,
    }, async () => {
      const expected = timeless(await evolvePatches(options));
      const network = makeNetwork();
      onTestFinished(network.remove);
      const server = await startRedis('--bind', '127.0.0.1', network.address, '--protected-mode', 'no');
      onTestFinished(server.stop);
      const dataRoot = join(temporaryFolder(), 'data');
      const common = { dataRoot, workers: 1, lockMilliseconds: LOCK_MILLISECONDS };
      const connection = `redis://${network.address}:${server.port}`;
      const beyond = startWorker({ ...common, connection }, {}, network.inside);
      const near = startWorker({ ...common, connection: server.url });
      onTestFinished(() => killWorkers([beyond, near]));
      await Promise.all([beyond, near].map(({ said }) => said('takes jobs from')));
      let evaluations = 0;
      const running = evolvePatches({
        ...options,
        evaluator: queueEvaluator({ connection: server.url, dataRoot, onWarning: () => undefined }),
        onEvent: ({ type }) => {
          if (type === 'evaluation') evaluations++;
        },
      });
      const reached = async (number: number) => {
        while (evaluations < number) await sleep(10);
      };
      await reached(3);
      network.cut();
      await Promise.all([reached(9), sleep(3 * LOCK_MILLISECONDS)]);
      network.heal();
      await killWorkers([near]); // the rest is for the one that was away
      expect(timeless(await running)).toBe(expected);
    });
  });
});
