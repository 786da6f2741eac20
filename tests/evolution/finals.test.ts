import { describe, expect, test } from 'vitest';
import { EYES_AND_MOUTH } from '../../src/bench/untrained-model.ts';
import { chooseBest, pickFinalists, type Trained } from '../../src/evolution/finals.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { canonicalGenome, genomeHash } from '../../src/genome/canonical.ts';
import { growNetwork } from '../../src/genome/grow.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { parameterCount } from '../../src/network/describe.ts';
import type { Finalist } from '../../src/run/result.ts';

const bounds = parseGenomeBounds({ classes: 7 });
/** Genomes of ever smaller networks, all on the same patches. */
const front = [64, 56, 48, 40, 32, 24, 16, 8].map((denseUnits) => {
  const genome = canonicalGenome({ ...EYES_AND_MOUTH, network: { ...EYES_AND_MOUTH.network, denseUnits } });
  return { genome, parameters: parameterCount(toNetworkSpec(genome, bounds)) };
});

describe('finalists', () => {
  test('are of the front, the most exact one first and each smaller by a quarter at least', () => {
    const sizes = [100, 99, 76, 75, 60, 56, 20, 2].map((parameters, index) => ({
      ...front[index],
      parameters,
    }));
    const [grown, ...others] = pickFinalists(sizes, 3, bounds);
    expect(grown).toEqual(growNetwork(front[0].genome, bounds));
    expect(others).toEqual([front[0].genome, front[3].genome]);
    expect(pickFinalists(sizes, 1, bounds)).toEqual([front[0].genome]);
  });

  test('are three in five of deep networks, each genome once', () => {
    const other = {
      ...front[0],
      genome: { ...front[0].genome, patches: front[0].genome.patches.slice(0, 1) },
    };
    const picked = pickFinalists([other, ...front], 4, bounds);
    expect(picked.slice(0, 2)).toEqual([other, front[0]].map(({ genome }) => growNetwork(genome, bounds)));
    expect(picked[2]).toEqual(other.genome);
    expect(new Set(picked.map(genomeHash)).size).toBe(4);
    // Those that differ in their dense units alone grow to the same; the next ones with other patches grow instead.
    const distinct = pickFinalists([...front.slice(0, 3), other], 4, bounds).slice(0, 2);
    expect(distinct).toEqual([front[0], other].map(({ genome }) => growNetwork(genome, bounds)));
    expect(pickFinalists(front, 6, bounds)).toHaveLength(4);
    expect(pickFinalists([other, ...front], 5, bounds)[3]).toEqual(picked[3]);
    expect(
      pickFinalists([{ genome: growNetwork(front[0].genome, bounds), parameters: 1 }], 6, bounds),
    ).toHaveLength(1);
  });
});

function trained(parameters: number, validationAccuracy: number, notWorse?: boolean): Trained<Finalist> {
  const tie = { estimate: 0, interval95: [0, 0], gained: 0, lost: 0, pValue: 1 };
  const difference = notWorse === undefined ? null : { ...tie, notWorse };
  return { measurement: { parameters, validationAccuracy, difference } } as Trained<Finalist>;
}

test('the best is the smallest that is not worse than the baseline', () => {
  const small = trained(10, 0.7, true);
  const finalists = [trained(40, 0.9, true), small, trained(5, 0.6, false)];
  expect(chooseBest(finalists)).toBe(small);
  expect(chooseBest([...finalists].reverse())).toBe(small);
});

test('the best is the most accurate where all are worse or there is no baseline, of equals the smallest', () => {
  const accurate = trained(20, 0.8, false);
  expect(chooseBest([trained(40, 0.8, false), accurate, trained(10, 0.7, false)])).toBe(accurate);
  const unrivalled = trained(20, 0.8);
  expect(chooseBest([trained(40, 0.8), unrivalled, trained(10, 0.7)])).toBe(unrivalled);
  expect(chooseBest([])).toBeUndefined();
});
