import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { sha256 } from '../../src/core/hash.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { LANES } from '../../src/nn/layout.ts';
import { openTeam, type Team } from '../../src/nn/team.ts';
import { trainNetwork } from '../../src/nn/train-network.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { zooNetwork } from '../../src/zoo/zoo.ts';
import { allEngines, bitsOf, randomSamples } from './harness.ts';
import { everyKind, plainNetwork, wideNetwork } from './networks.ts';

const SAMPLES = 112;
const BLOCKS = 3;
const THREADS = [2, 3, BLOCKS + 2];
const indices = Uint32Array.from({ length: SAMPLES }, (_, i) => i);

let engines: Engine[];
const teams: Team[] = [];

beforeAll(async () => {
  engines = await allEngines();
  for (const engine of engines.filter(({ shared }) => shared)) {
    for (const threads of THREADS) teams.push((await openTeam(engine, threads)) as Team);
  }
});

afterAll(async () => {
  await Promise.all(teams.map((team) => team.close()));
});

/** Hashes all results of a training. */
function trained(engine: Engine, spec: NetworkSpec, team: Team | undefined, changes = {}): string {
  const samples = randomSamples(SAMPLES, spec.frameSize, spec.classes, 'team');
  const config = trainingConfig({
    epochs: 2,
    batchSize: LANES * BLOCKS,
    learningRate: 0.003,
    clipNorm: 1,
    shift: 1,
    patience: 3,
    ...changes,
  });
  const options = { training: indices, validation: indices.subarray(0, 21), config, team };
  const first = trainNetwork(engine, spec, samples, { ...options, seed: 'first' });
  const { network, history, state } = trainNetwork(engine, spec, samples, {
    ...options,
    seed: 'second',
    from: first.state,
  });
  const moments = new Map(state.moments.map((values, i) => [`${i}`, values]));
  return sha256(bitsOf(network.weights), bitsOf(state.weights), bitsOf(moments), canonicalJson(history));
}

const NETWORKS: Record<string, NetworkSpec> = {
  'every kind of layer': everyKind(),
  'plain layers': plainNetwork(17, 5),
  'wide layers': wideNetwork(),
  'batch normalisation throughout': zooNetwork('tinyXception'),
};

describe.each(Object.entries(NETWORKS))('a network of %s', (_, spec) => {
  it('ends in the same bits for any number of threads', () => {
    const costly = spec.frameSize > 32;
    for (const engine of costly ? engines.slice(0, 1) : engines) {
      const alone = trained(engine, spec, undefined);
      for (const team of teams.filter((one) => one.engine === engine && (!costly || one.threads === 3))) {
        const name = `${team.threads} threads on ${engine.name}:${engine.variant}`;
        expect(trained(engine, spec, team), name).toBe(alone);
      }
    }
  });
});

it('gradient descent without a limit ends in the same bits too, also on a single block', () => {
  const [engine] = engines;
  for (const changes of [{ optimizer: 'sgd', clipNorm: 0 }, { batchSize: LANES }]) {
    const alone = trained(engine, everyKind(), undefined, changes);
    for (const team of teams.filter((one) => one.engine === engine)) {
      expect(trained(engine, everyKind(), team, changes), `${team.threads} threads`).toBe(alone);
    }
  }
});

it('one thread needs no team', async () => {
  expect(await openTeam(engines[0], 1)).toBeUndefined();
});

it('a closed team does not keep the process alive', async () => {
  const team = await openTeam(await openEngine(), 3);
  await expect(team?.close()).resolves.toBeUndefined();
});

it.each([0, -1, 1.5, Number.NaN])('a team of %s threads is refused', async (threads) => {
  await expect(openTeam(engines[0], threads)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    data: { option: 'threads' },
  });
});
