// Networks of random weights, with answers that are neither all alike nor all certain.
import { randomStream } from '../../src/core/random.ts';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import type { Genome, PatchGene } from '../../src/genome/genome.ts';
import { randomGenome } from '../../src/genome/random.ts';
import {
  add,
  concatenate,
  conv2d,
  crop,
  dense,
  flatten,
  normalization,
  pool,
} from '../../src/network/notation.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import type { Engine } from '../../src/nn/engine.ts';
import { GradientSession } from '../../src/nn/gradient-session.ts';
import { LANES } from '../../src/nn/layout.ts';
import type { Model } from '../../src/nn/model.ts';
import { Network } from '../../src/nn/network.ts';
import type { Samples } from '../../src/nn/samples.ts';
import { Session, type Weights } from '../../src/nn/session.ts';
import { DEFAULT_BOUNDS, NETWORK } from '../genome/arbitraries.ts';
import { randomWeights } from '../nn/harness.ts';
import { network } from '../nn/specs.ts';

export const FACES = syntheticFaces({ count: 500, seed: 'onnx' });

const EYE: PatchGene = { dx: -12, dy: -14, width: 18, height: 14, mirrored: true, scale: 1 };
const MOUTH: PatchGene = { dx: 0, dy: 12, width: 20, height: 15, mirrored: false, scale: 2 };
const FIRST: Genome = { patches: [EYE, MOUTH], network: { ...NETWORK, filters: [8, 12] } };
const SECOND: Genome = {
  patches: [
    { ...EYE, scale: 2 },
    { ...MOUTH, scale: 1 },
    { ...MOUTH, dy: 2, width: 5, height: 3, scale: 1 },
  ],
  network: {
    filters: [4, 8, 8],
    branches: 'shared',
    convolutions: 2,
    convolution: 'separable',
    kernel: 5,
    head: 'global-pooling',
    denseUnits: 16,
    dropout: 0.3,
    pooling: 'anti-aliased',
  },
};
/** Genomes with every value of every gene. */
export const GENOMES: readonly Genome[] = [
  ...[FIRST, SECOND].map(canonicalGenome),
  ...[1, 2, 3, 4].map((i) => randomGenome(DEFAULT_BOUNDS, randomStream('onnx', i))),
];

/** Flat and whole outputs mixed in every way, and windows that leave rows out. */
export const MIXED: NetworkSpec = network(64, 3, {
  face: crop(40, 37, { x: 3, y: 11, mirror: true }),
  wide: conv2d(4, [5, 4], { stride: 3 }),
  apart: pool('max-pool', [2, 3], { stride: 4, padding: 'valid' }),
  flat: flatten('apart'),
  hidden: dense(6),
  again: conv2d(5, 1, { input: 'hidden' }),
  single: conv2d(5, [13, 14], { input: 'wide', padding: 'valid' }),
  sum: add('again', 'single', 'again'),
  alone: add('sum'),
  all: concatenate('hidden', 'alone'),
  norm: normalization('batch'),
  logits: dense(3),
});

/** The drawn faces for a network: their middle, of its frames' size, and its number of classes. */
export function facesFor({ classes, frameSize }: NetworkSpec): Samples {
  const { frames, labels, count, frame } = FACES;
  const margin = (frame.size - frameSize) / 2;
  const cut = Uint8Array.from({ length: count * frameSize ** 2 }, (_, i) => {
    const [face, row, column] = [
      Math.floor(i / frameSize ** 2),
      Math.floor(i / frameSize) % frameSize,
      i % frameSize,
    ];
    return frames[(face * frame.size + margin + row) * frame.size + margin + column];
  });
  return { frames: cut, labels, frameSize, classes };
}

export const ALL_FACES = Uint32Array.from({ length: FACES.count }, (_, i) => i);

const FEW = ALL_FACES.subarray(0, LANES);

/** Standard deviation of the logits that random networks get. */
const SPREAD = 2;

/** Makes a network of random weights, with the running statistics that go with them and logits of moderate size. */
export function randomNetwork(engine: Engine, spec: NetworkSpec, seed: string): Network {
  const weights = settledStatistics(engine, spec, randomWeights(engine, spec, seed));
  const session = new GradientSession(engine, spec, weights);
  session.forward(facesFor(spec), FEW);
  const { values } = session.output(session.plan.logits);
  const deviation = Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
  // The logits are linear in the arrays of the last layer that has any.
  const last = spec.layers.findLast(({ name }) => weights.has(`${name}/weights`))?.name;
  for (const name of [`${last}/weights`, `${last}/bias`]) {
    const array = weights.get(name);
    if (array !== undefined)
      weights.set(
        name,
        array.map((value) => (value * SPREAD) / deviation),
      );
  }
  return new Network(engine, spec, weights);
}

/** Makes a training step of rate 0, whose statistics replace the running ones. */
function settledStatistics(engine: Engine, spec: NetworkSpec, weights: Weights): Map<string, Float32Array> {
  const session = new Session(engine, spec, LANES, { optimizer: 'sgd', clip: false });
  session.setWeights(
    new Map(
      Array.from(weights, ([name, values]) => [
        name,
        name.endsWith('/updates') ? new Float32Array(1) : values,
      ]),
    ),
  );
  session.train(facesFor(spec), FEW, [], new Float32Array(LANES * spec.classes), new Array(7).fill(0), 0);
  return session.weights();
}

/** Makes a model of a network, with classes of any names. */
export function modelOf(network: Network, genome?: Genome): Model {
  const { classes, frameSize } = network.spec;
  return {
    network,
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
    frame: { ...FACES.frame, size: frameSize },
    ...(genome === undefined ? {} : { genome }),
    info: { align: FACES.align, seed: 'tests' },
  };
}

function mean(values: Float32Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
