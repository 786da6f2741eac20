import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import type { Genome, PatchGene } from '../../src/genome/genome.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { describeNetwork, networkCost, parameterCount } from '../../src/network/describe.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { Layout } from '../../src/nn/layout.ts';
import { Network } from '../../src/nn/network.ts';
import { placeParameters } from '../../src/nn/parameters.ts';
import { BOUNDS, NETWORK, randomGenomes } from './arbitraries.ts';

const TARGET = { classes: 7, frame: FACE_FRAME };
const EYES_AND_MOUTH: Genome = {
  patches: [
    { dx: -14, dy: -17, width: 20, height: 16, mirrored: true, scale: 1 },
    { dx: 0, dy: 9, width: 28, height: 16, mirrored: false, scale: 1 },
  ],
  network: NETWORK,
};

describe('toNetworkSpec', () => {
  it('gives valid networks for random genomes of all bounds', () => {
    for (const [kind, bounds] of BOUNDS.entries()) {
      for (let index = 0; index < 100; index++) {
        const genome = randomGenome(bounds, randomStream('spec', kind, index));
        const layers = describeNetwork(toNetworkSpec(genome, bounds));
        expect(layers.at(-1)!.output).toEqual({ channels: bounds.classes, height: 1, width: 1 });
      }
    }
  });

  it('has as many parameters as a count by hand for eyes and mouth', () => {
    const branch = 9 * 16 + 2 * 16 + 16 * 9 * 32 + 2 * 32 + 32 * 9 * 40 + 2 * 40;
    const features = 2 * (2 * 2 * 40) + 3 * 2 * 40; // 20×16 and 28×16 after three pools: 2×2 and 3×2
    const head = features * 32 + 2 * 32 + 32 * 7 + 7;
    expect(parameterCount(toNetworkSpec(EYES_AND_MOUTH, TARGET))).toBe(2 * branch + head);
  });

  it('names layers by what they do', () => {
    const names = toNetworkSpec(EYES_AND_MOUTH, TARGET).layers.map(({ name }) => name);
    const block = (branch: string, n: number) =>
      ['conv', 'norm', 'relu', 'pool'].map((part) => `${branch}.${part}${n}`);
    const branch = (name: string) => [name, ...[1, 2, 3].flatMap((n) => block(name, n)), `${name}.flatten`];
    expect(names).toEqual([
      ...branch('patch1'),
      ...branch('patch1-mirror'),
      ...branch('patch2'),
      ...['features', 'dense', 'dense.norm', 'dense.relu'],
      ...['features-mirror', 'dense-mirror', 'dense-mirror.norm', 'dense-mirror.relu'],
      ...['dense.sum', 'dense.dropout', 'logits'],
    ]);
  });

  it('has the same shapes and parameters with anti-aliased pools', () => {
    const network = { ...EYES_AND_MOUTH.network, pooling: 'anti-aliased' } as const;
    const spec = toNetworkSpec({ ...EYES_AND_MOUTH, network }, TARGET);
    const max = toNetworkSpec(EYES_AND_MOUTH, TARGET);
    expect(networkCost(spec)).toEqual(networkCost(max));
    const outputs = new Map(describeNetwork(spec).map(({ layer, output }) => [layer.name, output]));
    for (const { layer, output } of describeNetwork(max)) expect(outputs.get(layer.name)).toEqual(output);
    expect(spec.layers.filter(({ kind }) => kind === 'max-pool')).toMatchObject(
      Array.from({ length: 9 }, () => ({ stride: 1 })),
    );
  });

  it('reads the mirror image with reversed columns and shares all weights of the pair', () => {
    const { layers } = toNetworkSpec(EYES_AND_MOUTH, TARGET);
    const crops = layers.filter((layer) => layer.kind === 'crop');
    expect(crops).toEqual([
      { kind: 'crop', name: 'patch1', x: 8, y: 12, width: 20, height: 16, mirror: false },
      { kind: 'crop', name: 'patch1-mirror', x: 36, y: 12, width: 20, height: 16, mirror: true },
      { kind: 'crop', name: 'patch2', x: 18, y: 38, width: 28, height: 16, mirror: false },
    ]);
    const sharing = layers.flatMap((layer) => ('shares' in layer ? [[layer.name, layer.shares]] : []));
    expect(sharing).toEqual([
      ...[1, 2, 3].flatMap((n) => [
        [`patch1-mirror.conv${n}`, `patch1.conv${n}`],
        [`patch1-mirror.norm${n}`, `patch1.norm${n}`],
      ]),
      ['dense-mirror', 'dense'],
      ['dense-mirror.norm', 'dense.norm'],
    ]);
  });

  it('reads each pair in both orders', () => {
    const { layers } = toNetworkSpec(EYES_AND_MOUTH, TARGET);
    const inputsOf = (wanted: string) => layers.find(({ name }) => name === wanted);
    expect(inputsOf('features')).toMatchObject({
      inputs: ['patch1.flatten', 'patch1-mirror.flatten', 'patch2.flatten'],
    });
    expect(inputsOf('features-mirror')).toMatchObject({
      inputs: ['patch1-mirror.flatten', 'patch1.flatten', 'patch2.flatten'],
    });
  });

  it('answers equally for a face and its mirror image if all patches are pairs', async () => {
    const engine = await openEngine('wasm');
    const { size } = FACE_FRAME;
    const random = randomStream('faces');
    const face = Uint8Array.from({ length: size * size }, () => random.integer(0, 255));
    const mirrored = face.map((_, pixel) => face[pixel - (pixel % size) + size - 1 - (pixel % size)]);
    const samples = { frames: new Uint8Array([...face, ...mirrored]), labels: new Uint8Array(2) };
    const answersOf = (patches: Genome['patches'], genes: Partial<Genome['network']>) => {
      const spec = toNetworkSpec({ patches, network: { ...NETWORK, ...genes } }, TARGET);
      const { parameters } = placeParameters(describeNetwork(spec), new Layout(1));
      const network = new Network(engine, spec, initialWeights(parameters, 'mirror'));
      const seen = network.predict({ ...samples, frameSize: size, classes: 7 }, Uint32Array.of(0, 1));
      return [seen.subarray(0, 7), seen.subarray(7)].map((one) => Array.from(one));
    };
    const brows: PatchGene = { dx: -13, dy: -20, width: 22, height: 12, mirrored: true, scale: 2 };
    const pairs = [EYES_AND_MOUTH.patches[0], brows];
    for (const genes of [{}, { branches: 'shared' }, { head: 'global-pooling', convolutions: 2 }] as const) {
      const [here, there] = answersOf(pairs, genes);
      for (const [index, probability] of here.entries()) expect(there[index]).toBeCloseTo(probability, 5);
    }
    const [here, there] = answersOf([{ ...pairs[0], mirrored: false }], {});
    expect(
      Math.max(...here.map((probability, index) => Math.abs(probability - there[index]))),
    ).toBeGreaterThan(0.01);
  });

  it('lets all branches share the kernels of the first, with separate normalisation', () => {
    const network = { ...NETWORK, branches: 'shared' } as const;
    const shared = toNetworkSpec({ ...EYES_AND_MOUTH, network }, TARGET);
    const sharing = shared.layers.flatMap((layer) =>
      layer.name.startsWith('patch') && 'shares' in layer ? [[layer.name, layer.shares]] : [],
    );
    expect(sharing.filter(([name]) => name?.includes('norm'))).toEqual(
      [1, 2, 3].map((n) => [`patch1-mirror.norm${n}`, `patch1.norm${n}`]),
    );
    expect(sharing.filter(([name]) => name?.includes('conv'))).toEqual(
      ['patch1-mirror', 'patch2'].flatMap((branch) => {
        return [1, 2, 3].map((n) => [`${branch}.conv${n}`, `patch1.conv${n}`]);
      }),
    );
    const kernels = 9 * (16 + 16 * 32 + 32 * 40);
    const separate = parameterCount(toNetworkSpec(EYES_AND_MOUTH, TARGET));
    expect(separate - parameterCount(shared)).toBe(kernels);
  });

  it('adds the output of the first of two convolutions to that of the second', () => {
    const network = { ...NETWORK, convolutions: 2 } as const;
    const { layers } = toNetworkSpec({ ...EYES_AND_MOUTH, network }, TARGET);
    const block = layers.filter(({ name }) => /^patch2\.\D+2b?$/.test(name));
    expect(block.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'conv2d patch2.conv2',
      'batch-normalization patch2.norm2',
      'relu patch2.relu2',
      'conv2d patch2.conv2b',
      'batch-normalization patch2.norm2b',
      'add patch2.add2b',
      'relu patch2.relu2b',
      'max-pool patch2.pool2',
    ]);
    expect(block[5]).toMatchObject({ inputs: ['patch2.norm2b', 'patch2.relu2'] });
    expect(block[6]).toMatchObject({ input: 'patch2.add2b' });
  });

  it('leaves out a concatenation of one branch and a dropout of 0', () => {
    const { patches, network } = EYES_AND_MOUTH;
    const genome: Genome = {
      patches: [patches[1]],
      network: { ...network, head: 'global-pooling', dropout: 0 },
    };
    const { layers } = toNetworkSpec(genome, TARGET);
    expect(layers.map(({ kind }) => kind).slice(-6)).toEqual([
      'max-pool',
      'global-average-pool',
      'dense',
      'batch-normalization',
      'relu',
      'dense',
    ]);
    expect(layers.find(({ name }) => name === 'dense')).toMatchObject({ input: 'patch1.mean', bias: false });
  });

  it('leaves out later pools if a map is too small to halve', () => {
    const { network } = EYES_AND_MOUTH;
    const endOf = (width: number, height: number) => {
      const patches = [{ dx: 0, dy: 0, width, height, mirrored: false, scale: 1 } as const];
      const layers = describeNetwork(toNetworkSpec({ patches, network }, TARGET));
      const pools = layers.filter(({ layer }) => layer.kind === 'max-pool').length;
      const { height: rows, width: columns } = layers.find(
        ({ layer }) => layer.name === 'patch1.relu3',
      )!.output;
      return { pools, columns, rows };
    };
    expect(endOf(15, 9)).toEqual({ pools: 3, columns: 3, rows: 2 });
    expect(endOf(8, 8)).toEqual({ pools: 3, columns: 2, rows: 2 });
    expect(endOf(7, 20)).toEqual({ pools: 2, columns: 1, rows: 5 });
    expect(endOf(2, 20)).toEqual({ pools: 1, columns: 1, rows: 10 });
    expect(endOf(1, 20)).toEqual({ pools: 0, columns: 1, rows: 20 });
  });

  it('does not depend on the form of the genome', () => {
    fc.assert(
      fc.property(randomGenomes, (genome) => {
        const reversed = { ...genome, patches: genome.patches.toReversed() };
        expect(toNetworkSpec(reversed, TARGET)).toEqual(toNetworkSpec(genome, TARGET));
      }),
    );
  });
});
