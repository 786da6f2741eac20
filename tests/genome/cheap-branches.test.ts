import { describe, expect, it } from 'vitest';
import type { Genome } from '../../src/genome/genome.ts';
import type { NetworkGenes } from '../../src/genome/network-genes.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { describeNetwork, macCount, parameterCount } from '../../src/network/describe.ts';
import { NETWORK } from './arbitraries.ts';

const TARGET = { classes: 7, frame: FACE_FRAME };
const [EYES, MOUTH] = [
  { dx: -14, dy: -17, width: 20, height: 16, mirrored: true, scale: 1 },
  { dx: 0, dy: 9, width: 27, height: 17, mirrored: false, scale: 1 },
] as const;
const specOf = (patches: Genome['patches'], genes: Partial<NetworkGenes> = {}) => {
  return toNetworkSpec({ patches, network: { ...NETWORK, ...genes } }, TARGET);
};

describe('a patch at half resolution', () => {
  it('is averaged over 2×2 pixels before the first convolution, its mirror image too', () => {
    const layers = describeNetwork(
      specOf([
        { ...EYES, scale: 2 },
        { ...MOUTH, scale: 2 },
      ]),
    );
    const scaled = layers.filter(({ layer }) => layer.name.endsWith('.scale'));
    expect(scaled.map(({ layer }) => layer)).toEqual(
      ['patch1', 'patch1-mirror', 'patch2'].map((name) => {
        const window = { size: [2, 2], stride: 2, padding: 'valid' };
        return { kind: 'average-pool', name: `${name}.scale`, input: name, ...window };
      }),
    );
    expect(scaled.map(({ output }) => [output.width, output.height])).toEqual([
      [10, 8],
      [10, 8],
      [13, 8],
    ]);
    expect(layers.find(({ layer }) => layer.name === 'patch2.conv1')!.layer).toMatchObject({
      input: 'patch2.scale',
    });
  });

  it('has as many pools as a patch of half its sides', () => {
    const pools = (side: number, scale: 1 | 2) => {
      const { layers } = specOf([{ ...MOUTH, width: side, height: side, scale }]);
      return layers.filter(({ kind }) => kind === 'max-pool').length;
    };
    for (const side of [1, 2, 3, 4, 7, 8, 9]) {
      expect(pools(2 * side, 2)).toBe(pools(side, 1));
      expect(pools(2 * side + 1, 2)).toBe(pools(side, 1));
    }
  });

  it('shares its kernels with patches at full resolution', () => {
    const { layers } = specOf([{ ...EYES, scale: 2 }, MOUTH], { branches: 'shared' });
    expect(layers.find(({ name }) => name === 'patch2.conv3')).toMatchObject({ shares: 'patch1.conv3' });
  });
});

describe('separable convolutions', () => {
  const genes = { convolution: 'separable' } as const;

  it('are a depthwise and a 1×1 one, except the first, with normalisation and ReLU after both', () => {
    const { layers } = specOf([MOUTH], { ...genes, kernel: 5 });
    const block = (n: number) => layers.filter(({ name }) => new RegExp(`^patch1\\.\\D+${n}$`).test(name));
    expect(block(1).map(({ kind }) => kind)).toEqual(['conv2d', 'batch-normalization', 'relu', 'max-pool']);
    expect(block(1)[0]).toMatchObject({ filters: 16, kernel: [5, 5] });
    expect(block(2).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'depthwise-conv2d patch1.depthwise2',
      'conv2d patch1.conv2',
      'batch-normalization patch1.norm2',
      'relu patch1.relu2',
      'max-pool patch1.pool2',
    ]);
    expect(block(2)[0]).toMatchObject({ input: 'patch1.pool1', kernel: [5, 5], bias: false });
    expect(block(2)[1]).toMatchObject({
      input: 'patch1.depthwise2',
      filters: 32,
      kernel: [1, 1],
      bias: false,
    });
  });

  it('cost as much as a count by hand', () => {
    const kernels = (separable: boolean) => {
      const between = (from: number, to: number) => (separable ? 9 * from + from * to : 9 * from * to);
      return 9 * 16 + between(16, 32) + between(32, 40);
    };
    const [full, separable] = [specOf([EYES, MOUTH]), specOf([EYES, MOUTH], genes)];
    expect(parameterCount(full) - parameterCount(separable)).toBe(2 * (kernels(false) - kernels(true)));
    expect(macCount(separable)).toBeLessThan(0.4 * macCount(full));
  });

  it('are shared by mirror images and by all patches, depthwise kernels too', () => {
    const sharing = (branches: NetworkGenes['branches']) => {
      const { layers } = specOf([EYES, MOUTH], { ...genes, branches });
      return layers.flatMap((layer) => {
        return layer.kind === 'depthwise-conv2d' ? [[layer.name, layer.shares]] : [];
      });
    };
    const own = ['patch1.depthwise2', 'patch1.depthwise3'];
    const ofMirror = [2, 3].map((n) => [`patch1-mirror.depthwise${n}`, `patch1.depthwise${n}`]);
    expect(sharing('separate').slice(0, 4)).toEqual([...own.map((name) => [name, undefined]), ...ofMirror]);
    expect(
      sharing('separate')
        .slice(4)
        .map(([, shares]) => shares),
    ).toEqual([undefined, undefined]);
    expect(
      sharing('shared')
        .slice(4)
        .map(([, shares]) => shares),
    ).toEqual(own);
  });

  it('fill both positions of a residual block, except the first of the branch', () => {
    const { layers } = specOf([MOUTH], { ...genes, convolutions: 2 });
    const names = layers.flatMap(({ kind, name }) => (kind === 'depthwise-conv2d' ? [name] : []));
    expect(names).toEqual(['1b', '2', '2b', '3', '3b'].map((part) => `patch1.depthwise${part}`));
    expect(layers.find(({ name }) => name === 'patch1.add2b')).toMatchObject({
      inputs: ['patch1.norm2b', 'patch1.relu2'],
    });
  });
});
