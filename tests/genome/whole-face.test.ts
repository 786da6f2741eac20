import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Genome } from '../../src/genome/genome.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { baselineSpec, wholeFaceControl } from '../../src/genome/whole-face.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { describeNetwork, networkCost, parameterCount } from '../../src/network/describe.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { DEFAULT_BOUNDS, randomGenomes } from './arbitraries.ts';

const TARGET = { classes: 7, frame: FACE_FRAME };

/** Dense units, then filters of each block. */
function sizesOf(spec: NetworkSpec): number[] {
  const own = spec.layers.filter((layer) => !('shares' in layer && layer.shares !== undefined));
  const filters = own.flatMap((layer) => (layer.kind === 'conv2d' ? [layer.filters] : []));
  const units = own.flatMap((layer) => (layer.kind === 'dense' ? [layer.units] : []));
  return [units[0], ...filters];
}

describe('baselineSpec', () => {
  it('is a network of about two million parameters on the whole face', () => {
    const convolutions = 9 * (16 + 16 * 32 + 32 * 64 + 64 * 128) + 2 * (16 + 32 + 64 + 128);
    const dense = 6 * 6 * 128 * 400 + 2 * 400 + 400 * 7 + 7;
    expect(parameterCount(baselineSpec(TARGET))).toBe(convolutions + dense);
    expect(convolutions + dense).toBe(1_944_199);
    expect(describeNetwork(baselineSpec(TARGET))[0].output).toEqual({ channels: 1, height: 48, width: 48 });
  });
});

describe('wholeFaceControl', () => {
  it('has nearly the parameters of the genome, and never more of them, nor of multiply-accumulates', () => {
    fc.assert(
      fc.property(randomGenomes, (genome) => {
        const budget = parameterCount(toNetworkSpec(genome, DEFAULT_BOUNDS));
        const { parameters, macs } = networkCost(wholeFaceControl(genome, DEFAULT_BOUNDS));
        expect(parameters).toBeLessThanOrEqual(budget);
        expect(parameters).toBeGreaterThan(0.9 * budget);
        expect(macs).toBeLessThanOrEqual(DEFAULT_BOUNDS.maximumMacs);
      }),
      { numRuns: 40 },
    );
  });

  it('has one filter in each block if one tiny patch allows even fewer', () => {
    const patch = { dx: 6, dy: -6, width: 8, height: 8, mirrored: false, scale: 1 } as const;
    const sizes = { filters: [4, 4], convolutions: 1, kernel: 3, denseUnits: 8 } as const;
    const ways = {
      branches: 'separate',
      convolution: 'full',
      head: 'global-pooling',
      dropout: 0.1,
      pooling: 'max',
    } as const;
    const genome: Genome = { patches: [patch], network: { ...ways, ...sizes } };
    const control = wholeFaceControl(genome, { ...DEFAULT_BOUNDS, maximumMacs: 1 });
    expect(sizesOf(control)).toEqual([1, 1, 1, 1]);
  });

  it('is the whole face, read as the genome reads its patches, with the kernel, the ending and the proportions of the genome', () => {
    fc.assert(
      fc.property(randomGenomes, (genome) => {
        const control = wholeFaceControl(genome, DEFAULT_BOUNDS);
        const crops = control.layers.filter((layer) => layer.kind === 'crop');
        const face = { kind: 'crop', name: 'face', x: 8, y: 8, width: 48, height: 48, mirror: false };
        const paired = genome.patches.some(({ mirrored }) => mirrored);
        expect(crops).toEqual(paired ? [face, { ...face, name: 'face-mirror', mirror: true }] : [face]);
        const { kernel, head, filters, denseUnits, convolutions, convolution } = genome.network;
        const depthwise = control.layers.filter(({ kind }) => kind === 'depthwise-conv2d').length;
        const separable = convolution === 'separable' ? 3 * convolutions - 1 : 0;
        expect(depthwise).toBe(paired ? 2 * separable : separable);
        const ending = head === 'flatten' ? 'flatten' : 'global-average-pool';
        expect(control.layers.some(({ kind }) => kind === ending)).toBe(true);
        expect(control.layers.find(({ kind }) => kind === 'conv2d')).toMatchObject({
          kernel: [kernel, kernel],
        });
        const [units, ...perConvolution] = sizesOf(control);
        expect(perConvolution).toHaveLength(3 * convolutions);
        const sizes = [units, ...perConvolution.filter((_, index) => index % convolutions === 0)];
        // No size was scaled by much more or less than the last filters were: the rest goes into units and rounding.
        const scale = sizes[3] / filters[filters.length - 1];
        for (const [index, original] of [denseUnits, ...filters].entries()) {
          expect(sizes[index]).toBeGreaterThan(0.5 * scale * original - 2);
        }
      }),
      { numRuns: 60 },
    );
  });
});
