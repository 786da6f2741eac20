import type * as Core from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { evaluate } from '../../../src/fitness/evaluate.ts';
import { contentKey, type TrainingRequest } from '../../../src/fitness/evaluation.ts';
import { toNetworkSpec } from '../../../src/genome/to-network-spec.ts';
import {
  conv2d,
  crop,
  dense,
  flatten,
  normalization,
  quantize,
  relu,
} from '../../../src/network/notation.ts';
import type { NetworkSpec } from '../../../src/network/spec.ts';
import { type Engine, openEngine } from '../../../src/nn/engine.ts';
import { GradientSession } from '../../../src/nn/gradient-session.ts';
import { Network } from '../../../src/nn/network.ts';
import type { SessionTraining } from '../../../src/nn/network-session.ts';
import { openSession } from '../../../src/nn/open-session.ts';
import { trainingConfig } from '../../../src/nn/training-config.ts';
import { ZOO, zooNetwork } from '../../../src/zoo/zoo.ts';
import { tinyFaces } from '../../fitness/tiny-faces.ts';
import { ALL_FACES, FACES, facesFor, GENOMES, randomNetwork } from '../../onnx/networks.ts';
import { largestDifference, randomBatch, randomWeights } from '../harness.ts';
import { everyKind, plainNetwork } from '../networks.ts';
import { network } from '../specs.ts';

const TOLERANCE = 1e-4;
const TARGET = { classes: 7, frame: FACES.frame };
const COUNT = 32;

const ours = await openEngine();

/** Networks with every kind of layer; the native library also reads those of the literature. */
const INTEGERS = network(10, 3, {
  face: crop(8, 8, { x: 1, y: 1 }),
  conv: conv2d(4, 3),
  norm: normalization('block'),
  bend: relu(),
  rounded: quantize(0.05, -20),
  flat: flatten(),
  logits: dense(3),
});
const specsFor = ({ name }: Engine): NetworkSpec[] => [
  everyKind(),
  INTEGERS,
  ...GENOMES.slice(0, 2).map((genome) => toNetworkSpec(genome, TARGET)),
  ...(name === 'tfjs-node' ? Object.keys(ZOO).map((one) => zooNetwork(one)) : []),
];

/** One training step on an engine, from weights and moments that differ everywhere. */
function step(
  engine: Engine,
  spec: NetworkSpec,
  training: SessionTraining,
  { clipNorm = 0 }: { readonly clipNorm?: number } = {},
) {
  const session = openSession(engine, spec, COUNT, training);
  session.setWeights(randomNetwork(ours, spec, 'step').weights);
  session.setMoments(session.moments().map((moments, i) => moments.fill(0.01 * (i + 1))));
  session.configure({ clipNorm, temperature: 1 });
  session.setDistillation({ temperature: 2, mixing: 0.4, squared: true });
  const [batch, teacher] = ['a', 'b'].map((seed) => randomBatch(spec, COUNT, seed));
  const views = Array.from(batch.indices, (i) => {
    const [shiftX, shiftY, flip] = [(i % 3) - 1, (i % 5) - 2, i % 2 === 0];
    return { shiftX, shiftY, flip, rotation: 0.03 * (i % 4), zoom: 1 + 0.02 * (i % 3) };
  });
  const settings = [0.01, 0.9, 0.999, 1e-8, 1, 1, 0.05];
  const loss = session.train(
    batch.samples,
    batch.indices,
    views,
    batch.targets,
    settings,
    77,
    training.teacher ? teacher.targets : undefined,
  );
  return { loss, weights: session.weights(), moments: session.moments() };
}

/** One step of training on 16 tiny faces, measured on 16 others. */
export function tinyRequest(seed: string): TrainingRequest {
  const indices = (first: number) => Uint32Array.from({ length: 16 }, (_, i) => first + i);
  const stage = { training: indices(0), config: trainingConfig({ epochs: 1, batchSize: 16 }) };
  const spec = { ...plainNetwork(8, 3), frameSize: 64 };
  return { spec, stages: [stage], validation: indices(16), seed, keepWeights: false };
}

/**
 * Tests that an engine of TensorFlow.js computes as ours does. Each needs a file, and so a process, of its own: several copies of
 * TensorFlow.js in one share their backends.
 *
 * @param core TensorFlow.js as the engine has loaded it
 * @param evaluations that must leave no tensor behind
 */
export function expectConformance(engine: Engine, core: typeof Core, evaluations: number): void {
  it.each(
    specsFor(engine).map(
      (spec) => [spec.name === 'test' ? `${spec.layers.length} layers` : spec.name, spec] as const,
    ),
  )('predicts like our engine: %s', (_name, spec) => {
    const { weights } = randomNetwork(ours, spec, spec.name);
    const few = ALL_FACES.subarray(0, 20);
    const [own, theirs] = [ours, engine].map((one) =>
      new Network(one, spec, weights).predict(facesFor(spec), few),
    );
    expect(own.reduce((a, b) => Math.max(a, b), 0)).toBeGreaterThan(0.5);
    expect(largestDifference(own, theirs)).toBeLessThan(TOLERANCE);
  });

  it.each<[string, NetworkSpec, SessionTraining, { clipNorm?: number }]>([
    ['AdamW, every kind of layer', everyKind(), { optimizer: 'adamw', clip: false }, {}],
    ['momentum, every kind of layer', everyKind(), { optimizer: 'sgd', clip: false }, {}],
    ['a genome', toNetworkSpec(GENOMES[0], TARGET), { optimizer: 'adamw', clip: false }, {}],
    [
      'another genome, limited in norm',
      toNetworkSpec(GENOMES[1], TARGET),
      { optimizer: 'sgd', clip: true },
      { clipNorm: 0.3 },
    ],
    ['a teacher', plainNetwork(16, 4), { optimizer: 'adamw', clip: false, teacher: true }, {}],
    ['integers', INTEGERS, { optimizer: 'sgd', clip: false }, {}],
  ])('makes the same training step: %s', (_name, spec, training, settings) => {
    const [own, theirs] = [ours, engine].map((one) => step(one, spec, training, settings));
    expect(Math.abs(own.loss - theirs.loss)).toBeLessThan(TOLERANCE * own.loss);
    expect([...theirs.weights.keys()]).toEqual([...own.weights.keys()]);
    for (const [name, values] of own.weights) {
      const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
      expect(largestDifference(theirs.weights.get(name), values), name).toBeLessThan(TOLERANCE * largest);
    }
  });

  it('resumes from its own state', () => {
    const spec = plainNetwork(16, 4);
    const training = { optimizer: 'adamw', clip: false } as const;
    const session = openSession(engine, spec, 16, training);
    const moments = session.moments().map((values, k) => values.map((_, i) => i + k));
    session.setMoments(moments);
    expect(session.moments()).toEqual(moments);
    const weights = randomWeights(ours, spec, 'own');
    session.setWeights(weights);
    expect(session.weights()).toEqual(new Map(weights));
    expect(() => session.setWeights(new Map())).toThrow(/needs \d+ numbers/);
    expect(() => openSession(engine, spec, 20)).toThrow(/multiple of 16/);
  });

  it(`keeps no tensors over ${evaluations} evaluations`, { timeout: 600_000 }, () => {
    const dataset = tinyFaces({ train: 16, validation: 16 });
    const run = (seed: string) => evaluate(engine, dataset, tinyRequest(seed));
    expect(run('first')).toMatchObject({ status: 'ok' });
    const before = core.memory();
    for (let i = 0; i < evaluations; i++) run(`${i}`);
    expect(core.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  });

  it('is apart from other engines in records', () => {
    expect(engine.numerics).toBe('tfjs');
    const request = {
      spec: everyKind(),
      stages: [],
      validation: new Uint32Array(),
      seed: '',
      keepWeights: false,
    };
    const keys = [ours, engine].map((one) => contentKey(request, 'data', one.numerics));
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('says what only kernels measure', () => {
    const spec = plainNetwork(16, 4);
    expect(() => new GradientSession(engine, spec, randomWeights(ours, spec, 'g'))).toThrow(
      expect.objectContaining({
        code: 'ENGINE_UNAVAILABLE',
        data: expect.objectContaining({ hint: expect.stringMatching(/native/) }),
      }),
    );
  });
}
