import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import { genomeCost } from '../../src/genome/genome-cost.ts';
import { mutateGenome } from '../../src/genome/mutate.ts';
import { NETWORK } from '../../src/genome/network-genes.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { networkCost } from '../../src/network/describe.ts';
import { anyBounds, seeds } from './arbitraries.ts';

it('is what the network itself costs, for any genome', () => {
  fc.assert(
    fc.property(anyBounds, seeds, (bounds, seed) => {
      const random = randomStream('cost', seed);
      const { patches } = randomGenome(bounds, random);
      const drawn = canonicalGenome({ patches, network: NETWORK.draw(bounds, random) });
      for (const genome of [drawn, mutateGenome(drawn, bounds, random).genome]) {
        expect(genomeCost(genome, bounds)).toEqual(networkCost(toNetworkSpec(genome, bounds)));
      }
    }),
    { numRuns: 500 },
  );
});
