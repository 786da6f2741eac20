import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/core/random.ts';
import { genomeHash } from '../../../src/genome/genome-hash.ts';
import { randomGenome } from '../../../src/genome/random.ts';
import { samplers } from '../../../src/search/samplers.ts';
import { type Individual, initialState, type Proposal } from '../../../src/search/search-state.ts';
import { atTopRung } from '../../../src/search/surrogate/expectation.ts';
import { observationsAfter } from '../../../src/search/surrogate/observations.ts';
import { bounds, scoreOf, settings } from '../searching.ts';

const laddered = { ...settings, topRung: 2, surrogate: true, population: 24 };
const proposals = Array.from({ length: 48 }, (_, index): Proposal => {
  const genome = randomGenome(bounds, randomStream('expected', index));
  return { genome, hash: genomeHash(genome), operators: [] };
});

/** The loss at a rung is half a nat higher than on the one above it. */
function trained(proposal: Proposal, rung: number, index = 0): Individual {
  const { loss, ...score } = scoreOf(proposal);
  const rungLosses = [loss + 1, loss + 0.5, loss].slice(0, rung + 1);
  const [last] = rungLosses.slice(-1);
  return { ...proposal, ...score, rung, rungLosses, losses: [last], loss: last, generation: 0, index };
}

/** A third of them reached the second rung, a sixth the top. */
const individuals = proposals.map((proposal, index) =>
  trained(proposal, index % 6 === 0 ? 2 : index % 3 === 0 ? 1 : 0, index),
);
const observations = observationsAfter([], individuals, bounds);

describe('atTopRung', () => {
  test('expects of those on low rungs about the loss that they would reach, and never more than they have', () => {
    const expected = atTopRung(individuals, observations, laddered);
    const errors = expected.map((one, index) => {
      if (individuals[index].rung === 2) expect(one).toBe(individuals[index]);
      expect(one.loss).toBeLessThanOrEqual(individuals[index].loss);
      expect(one.hash).toBe(individuals[index].hash);
      return Math.abs(one.loss - scoreOf(proposals[index]).loss);
    });
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.1);
    const better = trained(proposals[1], 0);
    expect(atTopRung([{ ...better, loss: 0.01 }], observations, laddered)[0].loss).toBe(0.01);
  });

  test('leaves all as they are without a surrogate, or where next to nothing is known', () => {
    expect(atTopRung(individuals, observations, { ...laddered, surrogate: false })).toBe(individuals);
    expect(atTopRung(individuals, observations.slice(0, 3), laddered)).toBe(individuals);
  });
});

test('good genomes survive that only a low rung was trained on; without a surrogate those on the top rung come first', () => {
  const scores = individuals.map(({ generation: _, index: __, genome: ___, hash: ____, ...score }) => score);
  const survivors = (surrogate: boolean) =>
    samplers.nsga2.tell(initialState, { ...laddered, surrogate }, proposals, scores).population;
  const finished = (surrogate: boolean) => survivors(surrogate).filter(({ rung }) => rung === 2).length;
  expect(finished(true)).toBeLessThan(finished(false));
  // They keep the loss that was measured.
  for (const one of survivors(true)) expect(one.loss).toBe(individuals[one.index].loss);
});
