import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EYES_AND_MOUTH } from '../../src/bench/untrained-model.ts';
import { growNetwork } from '../../src/genome/grow.ts';
import { parseGenome } from '../../src/genome/parse-genome.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { networkCost } from '../../src/network/describe.ts';
import { DEFAULT_BOUNDS, randomGenomes } from './arbitraries.ts';

const costOf = (genome: Parameters<typeof toNetworkSpec>[0]) =>
  networkCost(toNetworkSpec(genome, DEFAULT_BOUNDS));

describe('growNetwork', () => {
  it('keeps the patches, deepens the network and stays within the bounds', () => {
    fc.assert(
      fc.property(randomGenomes, (genome) => {
        const { maximumParameters, maximumMacs } = DEFAULT_BOUNDS;
        const grown = growNetwork(genome, DEFAULT_BOUNDS);
        expect(grown.patches).toEqual(genome.patches);
        expect(parseGenome(JSON.parse(JSON.stringify(grown)))).toEqual(grown);
        const { parameters, macs } = costOf(grown);
        expect(parameters).toBeLessThanOrEqual(maximumParameters);
        expect(macs).toBeLessThanOrEqual(maximumMacs);
        const { dropout, pooling } = genome.network;
        expect(grown.network).toMatchObject({ convolutions: 2, dropout, pooling });
        expect(grown.network.filters).toHaveLength(3);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves a genome unchanged if no deep network fits the bounds', () => {
    const bounds = { ...DEFAULT_BOUNDS, maximumMacs: 1000 };
    expect(growNetwork(EYES_AND_MOUTH, bounds)).toBe(EYES_AND_MOUTH);
  });

  it('uses up a limit: one more step of the dense layer would exceed it', () => {
    fc.assert(
      fc.property(randomGenomes, (genome) => {
        const grown = growNetwork(genome, DEFAULT_BOUNDS);
        const denseUnits = grown.network.denseUnits + 8;
        if (denseUnits > DEFAULT_BOUNDS.maximumDenseUnits) return;
        const wider = { ...grown, network: { ...grown.network, denseUnits } };
        const { parameters, macs } = costOf(wider);
        expect(parameters > DEFAULT_BOUNDS.maximumParameters || macs > DEFAULT_BOUNDS.maximumMacs).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
