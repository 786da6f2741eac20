import { describe, expect, test } from 'vitest';
import { EYES_AND_MOUTH } from '../../src/bench/untrained-model.ts';
import { type Choice, chooseBest } from '../../src/evolution/choose-best.ts';
import type { Trained } from '../../src/evolution/finals.ts';
import { pickFinalists } from '../../src/evolution/pick-finalists.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { growNetwork } from '../../src/genome/grow.ts';
import { coveredPixels } from '../../src/genome/patches.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { parameterCount } from '../../src/network/describe.ts';
import type { Preference } from '../../src/options/preferences.ts';
import type { Finalist } from '../../src/run/result.ts';

const bounds = parseGenomeBounds({ classes: 7 });
const FACE = 48 ** 2;

/** A member of a front: one square patch of this side, with this number of dense units. */
function member(side: number, denseUnits: number) {
  const patch = { dx: 0, dy: 0, width: side, height: side, mirrored: false, scale: 1 } as const;
  const genome = canonicalGenome({
    patches: [patch],
    network: { ...EYES_AND_MOUTH.network, filters: [8, 8], denseUnits },
  });
  return { genome, parameters: parameterCount(toNetworkSpec(genome, bounds)), pixels: side * side };
}

describe('finalists', () => {
  test('are of each size the most accurate member and its patches with a deep network', () => {
    const large = member(20, 32); // 17 % of the face, 9,000 parameters
    const small = member(10, 8); // 4 %, 1,000 parameters
    const picked = pickFinalists([large, small], 12, bounds);
    expect(large.parameters).toBeGreaterThan(5000);
    expect(picked.map(genomeHash)).toContain(genomeHash(large.genome));
    expect(picked.map(genomeHash)).toContain(genomeHash(small.genome));
    const half = { ...bounds, maximumPixels: 0.5, maximumParameters: 97_000 };
    expect(picked[0]).toEqual(growNetwork(large.genome, half));
    const tenth = { ...bounds, maximumPixels: 0.1, maximumParameters: 5000 };
    expect(picked).toContainEqual(growNetwork(small.genome, tenth));
    const sizes = picked.map((genome) => parameterCount(toNetworkSpec(genome, bounds)));
    expect(sizes[0]).toBe(Math.max(...sizes));
    expect(picked.every((genome) => coveredPixels(genome, bounds.frame) <= FACE / 2)).toBe(true);
    expect(new Set(picked.map(genomeHash)).size).toBe(picked.length);
  });

  test('spread over the sizes where fewer are wanted, from the largest to the smallest', () => {
    const front = [member(20, 64), member(16, 32), member(13, 16), member(10, 8)];
    const all = pickFinalists(front, 12, bounds);
    expect(all.length).toBeGreaterThan(6);
    expect(pickFinalists(front, 3, bounds)).toEqual([
      all[0],
      all[Math.round((all.length - 1) / 2)],
      all.at(-1),
    ]);
    expect(pickFinalists(front, 1, bounds)).toEqual([all[0]]);
  });

  test('stay within the bounds', () => {
    const tight = parseGenomeBounds({ classes: 7, maximumParameters: 3000, maximumPixels: 0.1 });
    for (const genome of pickFinalists([member(15, 8), member(8, 8)], 12, tight)) {
      expect(coveredPixels(genome, tight.frame)).toBeLessThanOrEqual(0.1 * FACE);
      expect(parameterCount(toNetworkSpec(genome, tight))).toBeLessThanOrEqual(3000);
    }
  });
});

/** A finalist that answers this many of 1,000 rows right. */
function trained(coveredPixels: number, parameters: number, right: number, notWorse?: boolean) {
  const tie = { estimate: 0, interval95: [0, 0], gained: 0, lost: 0, pValue: 1 };
  const difference = notWorse === undefined ? null : { ...tie, notWorse };
  const validationAccuracy = right / 1000;
  const predictions = Uint8Array.from({ length: 1000 }, (_, row) => (row < right ? 1 : 0));
  const measurement = { coveredPixels, parameters, validationAccuracy, difference };
  return { measurement, evaluation: { predictions } } as unknown as Trained<Finalist>;
}

const choice = (prefer: Preference): Choice => {
  return { prefer, margin: 0.02, labels: new Uint8Array(1000).fill(1) };
};

describe('the best', () => {
  const few = trained(100, 50, 690, true);
  const small = trained(200, 10, 700, true);
  const accurate = trained(400, 40, 900, true);
  const worse = trained(50, 5, 600, false);
  const all = [accurate, small, worse, few];

  test('is the preferred one of those that are not worse than the baseline', () => {
    for (const finalists of [all, all.toReversed()]) {
      expect(chooseBest(finalists, choice('smallest'))).toBe(small);
      expect(chooseBest(finalists, choice('pixels'))).toBe(few);
      expect(chooseBest(finalists, choice('accurate'))).toBe(accurate);
    }
    expect(chooseBest([], choice('smallest'))).toBeUndefined();
  });

  test('is the smallest that is not worse than the most accurate where all are worse than the baseline', () => {
    const finalists = [
      trained(400, 40, 800, false),
      trained(300, 40, 797, false),
      trained(10, 10, 700, false),
    ];
    expect(chooseBest(finalists, choice('smallest'))).toBe(finalists[1]);
    expect(chooseBest(finalists, choice('accurate'))).toBe(finalists[0]);
    const unrivalled = finalists.map(({ measurement: { coveredPixels, parameters, validationAccuracy } }) =>
      trained(coveredPixels, parameters, 1000 * validationAccuracy),
    );
    expect(chooseBest(unrivalled, choice('smallest'))).toBe(unrivalled[1]);
  });

  test('is the most accurate where the rows are too few to show that any other is not worse', () => {
    const [best, other] = [trained(400, 40, 1000), trained(10, 10, 1000)];
    const few = { ...choice('smallest'), labels: new Uint8Array(8).fill(1) };
    expect(chooseBest([best], few)).toBe(best);
    expect(chooseBest([best, other], few)).toBe(other);
  });
});
