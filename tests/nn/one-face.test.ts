import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import type { Engine } from '../../src/nn/engine.ts';
import { LANES } from '../../src/nn/layout.ts';
import { Session } from '../../src/nn/session.ts';
import { ZOO, zooNetwork } from '../../src/zoo/zoo.ts';
import { anyWideNetwork } from './any-network.ts';
import { allEngines, randomSamples, randomWeights } from './harness.ts';
import { everyKind, plainNetwork } from './networks.ts';

const NETWORKS = 100;
const GENOMES = 20;

let engines: Engine[];
beforeAll(async () => {
  engines = await allEngines();
});

/** Checks on every engine that faces which are predicted alone get the bits that they get in a full block. */
function expectSameBitsAlone(spec: NetworkSpec, seed: string, faces = 3): void {
  const samples = randomSamples(LANES, spec.frameSize, spec.classes, seed);
  const everyone = Uint32Array.from({ length: LANES }, (_, i) => i);
  for (const engine of engines) {
    const session = new Session(engine, spec, LANES);
    session.setWeights(randomWeights(engine, spec, seed));
    const together = bitsOf(session.predict(samples, everyone));
    for (let face = 0; face < faces; face++) {
      const own = together.slice(face * spec.classes, (face + 1) * spec.classes);
      const alone = bitsOf(session.predict(samples, Uint32Array.of(face)));
      expect(alone, `face ${face} on ${engine.name}:${engine.variant}`).toEqual(own);
    }
  }
}

function bitsOf(values: Float32Array): number[] {
  return Array.from(new Uint32Array(values.buffer, values.byteOffset, values.length));
}

describe('a face gets the same bits alone and in a block, on every engine,', () => {
  it(`by ${NETWORKS} random networks`, () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(anyWideNetwork, fc.nat(), (spec, seed) => {
        expectSameBitsAlone(spec, `${seed}`);
        for (const { kind } of spec.layers) kinds.add(kind);
      }),
      { numRuns: NETWORKS, seed: 21 },
    );
    expect(kinds).toEqual(new Set(everyKind().layers.map(({ kind }) => kind)).add('quantize'));
  });

  it(`by the networks of ${GENOMES} random genomes`, () => {
    const bounds = parseGenomeBounds({ classes: 7 });
    for (let i = 0; i < GENOMES; i++) {
      const genome = randomGenome(bounds, randomStream('alone', i));
      expectSameBitsAlone(toNetworkSpec(genome, bounds), `${i}`, 1);
    }
  });

  it.each([everyKind(), plainNetwork(17, 20)])('by a whole network', (spec) => {
    expectSameBitsAlone(spec, 'whole');
  });

  it.each(Object.keys(ZOO))('by %s', (name) => expectSameBitsAlone(zooNetwork(name), name, 1));
});

describe('the session', () => {
  const spec = everyKind();

  it.each([1, 8, 9, 16, 17, 24, 25, 40])('predicts %i faces like a full batch', (count) => {
    const [engine] = engines;
    const session = new Session(engine, spec, LANES);
    session.setWeights(randomWeights(engine, spec, 'counts'));
    const samples = randomSamples(48, spec.frameSize, spec.classes, 'counts');
    const indices = Uint32Array.from({ length: 48 }, (_, i) => (7 * i) % 48);
    const all = session.predict(samples, indices);
    const some = session.predict(samples, indices.subarray(0, count));
    expect(bitsOf(some)).toEqual(bitsOf(all).slice(0, count * spec.classes));
  });

  it('takes new weights', () => {
    const [engine] = engines;
    const session = new Session(engine, spec, LANES);
    const samples = randomSamples(1, spec.frameSize, spec.classes, 'weights');
    const predicted = ['first', 'second', 'first'].map((seed) => {
      session.setWeights(randomWeights(engine, spec, seed));
      return bitsOf(session.predict(samples, Uint32Array.of(0)));
    });
    expect(predicted[2]).toEqual(predicted[0]);
    expect(predicted[1]).not.toEqual(predicted[0]);
  });

  it('runs the program of one face for faces left over, of up to half a block', () => {
    const runs: (readonly number[])[] = [];
    const [engine] = engines;
    const recording: Engine = {
      ...engine,
      createArena: (words) => {
        const arena = engine.createArena(words);
        const run: typeof arena.run = (tensors, program, blocks) => {
          runs.push([program, blocks]);
          arena.run(tensors, program, blocks);
        };
        return { ...arena, run };
      },
    };
    const session = new Session(recording, spec, 2 * LANES);
    const samples = randomSamples(1, spec.frameSize, spec.classes, 'runs');
    const { predict, oneFace } = session.plan;
    const runsOf = (count: number) => {
      runs.length = 0;
      session.predict(samples, new Uint32Array(count));
      return runs;
    };
    expect(runsOf(1)).toEqual([[oneFace?.predict, 1]]);
    expect(runsOf(9)).toEqual([[predict, 1]]);
    expect(runsOf(34)).toEqual([[predict, 2], ...[1, 2].map(() => [oneFace?.predict, 1])]);
  });
});
