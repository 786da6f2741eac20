import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { VERSION } from '../../src/core/version.ts';
import type { Combination, MemberWeights } from '../../src/ensemble/combine.ts';
import { ensembleOf, type Predictor } from '../../src/ensemble/ensemble.ts';
import type { Genome } from '../../src/genome/genome.ts';
import { singleViewNetwork } from '../../src/genome/single-view.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import type { Model } from '../../src/nn/model.ts';
import { Network } from '../../src/nn/network.ts';
import { modelToOnnx } from '../../src/onnx/model-to-onnx.ts';
import { ZOO, zooNetwork } from '../../src/zoo/zoo.ts';
import { largestDifference } from '../nn/harness.ts';
import { everyKind } from '../nn/networks.ts';
import { decodeOnnx } from './decode-onnx.ts';
import { ALL_FACES, FACES, facesFor, GENOMES, MIXED, modelOf, randomNetwork } from './networks.ts';
import { RUNTIMES, type RuntimeName, runOnnx } from './runtimes.ts';

const TOLERANCE = 1e-5;
/**
 * 183 million multiply-adds a face: with random weights, engine and runtime each lie within about 3e-6 of double precision on a
 * few faces, and up to 1.03e-5 apart on 500.
 */
const TOLERANCES: Readonly<Record<string, number>> = { agrawalMittal: 2e-5 };
const RUNTIME_NAMES = Object.keys(RUNTIMES) as RuntimeName[];

const TARGET = { classes: 7, frame: FACES.frame };

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});

/** Checks that the runtimes answer as our engine does, and that the answers say something. */
async function expectSame(model: Model<Predictor>, spec: NetworkSpec): Promise<void> {
  const samples = facesFor(spec);
  const ours = model.network.predict(samples, ALL_FACES);
  expect(ours.reduce((a, b) => Math.max(a, b), 0)).toBeGreaterThan(0.5);
  const file = modelToOnnx(model);
  for (const runtime of RUNTIME_NAMES) {
    const theirs = await runOnnx(runtime, file, samples.frames, spec.frameSize);
    expect(largestDifference(ours, theirs), runtime).toBeLessThan(TOLERANCES[spec.name] ?? TOLERANCE);
  }
}

const expectSameNetwork = (spec: NetworkSpec) =>
  expectSame(modelOf(randomNetwork(engine, spec, spec.name)), spec);

describe('the runtimes answer within 1e-5 of the engine on 500 drawn faces:', { timeout: 300_000 }, () => {
  it.each(Object.keys(ZOO))('%s', (name) => expectSameNetwork(zooNetwork(name)));

  it.each(GENOMES.map((genome) => toNetworkSpec(genome, TARGET)))('$name', (spec) => expectSameNetwork(spec));

  it('the face in place of the patches, reduced to a size between two pixels', async () => {
    const view = { rectangle: { x: 9, y: 8, width: 46, height: 47 }, size: { width: 31, height: 29 } };
    const spec = singleViewNetwork('reduced', GENOMES[0], view, { ...TARGET, maximumMacs: 1e6 });
    expect(spec.layers.map(({ kind }) => kind)).toContain('resize');
    await expectSameNetwork(spec);
  });

  it('every kind of layer, on frames of 16×16 pixels', () => expectSameNetwork(everyKind()));

  it('flat and whole outputs mixed', () => expectSameNetwork(MIXED));

  it.each<[string, Combination, MemberWeights | undefined]>([
    ['equal weights', 'mean', undefined],
    ['weights of each class', 'mean', [1, 2, 3].map((m) => Array.from({ length: 7 }, (_, k) => (m * k) % 5))],
    ['votes', 'votes', undefined],
  ])('an ensemble of %s', async (_name, combination, weights) => {
    const specs = GENOMES.slice(0, 3).map((genome) => toNetworkSpec(genome, TARGET));
    const models = specs.map((spec) => ({
      name: spec.name,
      model: modelOf(randomNetwork(engine, spec, spec.name)),
    }));
    await expectSame(ensembleOf(models, combination, weights), specs[0]);
  });
});

it('these genomes have every value of every gene', () => {
  const values = (of: (genome: Genome) => unknown) => new Set(GENOMES.map(of)).size;
  for (const gene of ['branches', 'convolutions', 'convolution', 'kernel', 'head', 'pooling'] as const) {
    expect(
      values(({ network: genes }) => genes[gene]),
      gene,
    ).toBe(2);
  }
  expect(values(({ network: { filters } }) => filters.length)).toBe(2);
  const patches = GENOMES.flatMap((genome) => genome.patches);
  expect(new Set(patches.map(({ mirrored, scale }) => `${mirrored} ${scale}`)).size).toBe(4);
});

describe('the file', () => {
  const [genome] = GENOMES;
  const spec = toNetworkSpec(genome, TARGET);
  const someModel = () => modelOf(randomNetwork(engine, spec, spec.name), genome);

  it('says where it comes from and what its numbers mean', () => {
    const model = someModel();
    const { producerName, producerVersion, irVersion, opsetImport, ...rest } = decodeOnnx(modelToOnnx(model));
    expect({ producerName, producerVersion, irVersion }).toEqual({
      producerName: 'evopatch',
      producerVersion: VERSION,
      irVersion: 8,
    });
    expect(opsetImport).toEqual([{ version: 18 }]);
    const { metadataProps, graph } = rest;
    const metadata = new Map(metadataProps.map(({ key, value }) => [key, value]));
    expect([...metadata.keys()].sort()).toEqual([
      'classes',
      'format',
      'frame',
      'genome',
      'info',
      'license',
      'version',
    ]);
    const field = (name: string) => metadata.get(name) ?? '';
    expect([field('format'), field('version'), field('license')]).toEqual([
      'evopatch onnx',
      '1',
      'unspecified',
    ]);
    expect(JSON.parse(field('classes'))).toEqual(model.classes);
    expect(JSON.parse(field('frame'))).toEqual(FACES.frame);
    expect(JSON.parse(field('info'))).toEqual(model.info);
    expect(field('genome')).toBe(canonicalJson(genome));
    const names = graph.initializer.map(({ name }) => name);
    expect(names).toContain('network/patch1.conv1/weights');
    expect(names).not.toContain('network/patch1-mirror.conv1/weights'); // shared weights are stored once
  });

  it('has the same bytes each time, those of the licence aside', () => {
    const model = someModel();
    const bytes = modelToOnnx(model);
    expect(modelToOnnx(model)).toEqual(bytes);
    const licensed = decodeOnnx(modelToOnnx(model, { license: 'CC-BY-4.0' }));
    expect(licensed.metadataProps).toContainEqual({ key: 'license', value: 'CC-BY-4.0' });
    expect(licensed.graph).toEqual(decodeOnnx(bytes).graph);
  });

  it('names the genomes of an ensemble', () => {
    const models = [0, 1].map((i) => ({ name: `${i}`, model: someModel() }));
    const { metadataProps } = decodeOnnx(modelToOnnx(ensembleOf(models)));
    const members = metadataProps.find(({ key }) => key === 'members')?.value ?? '';
    expect(JSON.parse(members).map((member: { genome: unknown }) => member.genome)).toEqual([genome, genome]);
  });

  it('reads grey levels as floats if wanted', async () => {
    const model = someModel();
    const frames = FACES.frames.subarray(0, 20 * FACES.frame.size ** 2);
    const [bytes, floats] = [modelToOnnx(model), modelToOnnx(model, { input: 'float32' })];
    const run = (file: Uint8Array, input: Uint8Array | Float32Array) =>
      runOnnx('onnxruntime-node', file, input, FACES.frame.size);
    expect(await run(floats, Float32Array.from(frames))).toEqual(await run(bytes, frames));
  });

  it('is not written without whole weights, or of an unknown input', () => {
    const model = someModel();
    const { engine: own, weights } = model.network;
    const broken = new Network(own, spec, new Map([...weights].slice(1)));
    expect(() => modelToOnnx({ ...model, network: broken })).toThrow(/patch1.conv1\/weights/);
    expect(() => modelToOnnx(model, { input: 'int8' as never })).toThrow(/uint8, float32/);
  });
});
