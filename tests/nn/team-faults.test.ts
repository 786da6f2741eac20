import { readdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../src/fitness/evaluate.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { LANES } from '../../src/nn/layout.ts';
import { Session } from '../../src/nn/session.ts';
import { openTeam, type Team } from '../../src/nn/team.ts';
import { trainNetwork } from '../../src/nn/train-network.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { dataset, request } from '../fitness/requests.ts';
import { randomSamples } from './harness.ts';
import { plainNetwork } from './networks.ts';

const spec = plainNetwork(17, 5);
const samples = randomSamples(64, spec.frameSize, spec.classes, 'faults');
const training = Uint32Array.from({ length: 64 }, (_, i) => i);
const plan = { optimizer: 'adamw', clip: false } as const;

let engine: Engine;
let team: Team | undefined;
beforeAll(async () => {
  engine = await openEngine();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await team?.close();
});

const train = () =>
  trainNetwork(engine, spec, samples, {
    training,
    config: trainingConfig({ epochs: 1, batchSize: 32 }),
    seed: 'faults',
    team,
  });

/** Opens a team and gives its threads too. */
async function openWithHelpers(): Promise<Worker[]> {
  const helpers: Worker[] = [];
  const unref = vi.spyOn(Worker.prototype, 'unref').mockImplementation(function (this: Worker) {
    helpers.push(this);
  });
  team = await openTeam(engine, 3);
  unref.mockRestore();
  for (const helper of helpers) helper.unref();
  expect(helpers).toHaveLength(2);
  return helpers;
}

const hasTeams = async () => (await openEngine()).shared !== undefined;

describe.runIf(await hasTeams())('a team of threads', () => {
  it('refuses to train once one of them has ended, and can be closed', async () => {
    const [helper] = await openWithHelpers();
    train();
    await helper.terminate();
    expect(team?.isBroken).toBe(true);
    expect(train).toThrow(expect.objectContaining({ code: 'EVALUATION_FAILED' }));
    expect(evaluate(engine, dataset, request('a'), team)).toMatchObject({
      status: 'failed',
      reason: 'crash',
    });
  });

  it.runIf(process.platform === 'linux')('stops waiting for one that ends while they train', async () => {
    const [helper] = await openWithHelpers();
    train();
    helper.terminate(); // this thread hears of it only when it is no longer busy
    expect(train).toThrow(expect.objectContaining({ code: 'EVALUATION_FAILED' }));
  });

  it('lends the same memory to one training after another', async () => {
    team = (await openTeam(engine, 2)) as Team;
    const lend = vi.spyOn(team, 'lendMemory');
    for (let i = 0; i < 4; i++) train();
    const buffers = lend.mock.results.map(({ value }) => value.buffer);
    expect(buffers).toHaveLength(4);
    expect(new Set(buffers).size).toBe(1);
    const again = team.lendMemory(100);
    expect(new Uint8Array(again.buffer).every((byte) => byte === 0)).toBe(true);
    expect(team.lendMemory(2 ** 22).buffer.byteLength).toBeGreaterThanOrEqual(2 ** 24);
  });

  it('trains one network at a time', async () => {
    team = (await openTeam(engine, 2)) as Team;
    const first = new Session(engine, spec, LANES, plan, team);
    new Session(engine, spec, LANES, plan, team);
    const step = () =>
      first.train(
        samples,
        training.subarray(0, LANES),
        [],
        new Float32Array(LANES * spec.classes),
        [0, 0, 0, 1, 1, 1, 0],
        1,
      );
    expect(step).toThrow(/one network at a time/);
  });

  it.runIf(process.platform === 'linux')('ends all its threads when closed', async () => {
    const count = () => readdirSync('/proc/self/task').length;
    const before = count();
    for (let i = 0; i < 3; i++) {
      team = await openTeam(engine, 3);
      train();
      await team?.close();
    }
    expect(count()).toBe(before);
  });
});
