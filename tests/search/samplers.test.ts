import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { sensibleLayouts } from '../../src/genome/layouts.ts';
import { parseGenome } from '../../src/genome/parse-genome.ts';
import { dominates } from '../../src/search/dominance.ts';
import { frontHypervolume, objectiveFrom, standingsOf, usefulFront } from '../../src/search/objectives.ts';
import { withScores } from '../../src/search/samplers/after-generation.ts';
import { samplers } from '../../src/search/samplers.ts';
import { type Individual, initialState } from '../../src/search/search-state.ts';
import { bounds, scored, scoreOf, settings, statesOf } from './searching.ts';

const vector = ({ loss, parameters }: Individual) => [loss, parameters];

describe.each(Object.values(samplers))('the sampler $name', (sampler) => {
  const { ask, tell } = sampler;
  const run = (generations: number) => statesOf(sampler, generations);

  test('gives the same search for the same seed and another for another', () => {
    expect(run(4)).toEqual(run(4));
    expect(ask(initialState, { ...settings, seed: 'other' })).not.toEqual(ask(initialState, settings));
  });

  test('knows nothing but the state: written down and read again it goes on in the same way', () => {
    const state = run(3)[3];
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    expect(ask(JSON.parse(JSON.stringify(state)), settings)).toEqual(ask(state, settings));
  });

  test('proposes genomes within the bounds, each only once', () => {
    const state = run(5)[5];
    expect(state.seen).toHaveLength(5 * settings.population);
    expect(new Set(state.seen).size).toBe(state.seen.length);
    for (const { genome, hash } of ask(state, settings)) {
      expect(parseGenome(genome, bounds)).toEqual(genome);
      expect(hash).toBe(genomeHash(genome));
      expect(state.seen).not.toContain(hash);
    }
  });

  test('keeps a front of all that no genome of the run dominates', () => {
    const states = run(6);
    const all = states.flatMap(({ population }) => population);
    const { front } = states[6];
    for (const member of front) {
      expect(all.some((other) => dominates(vector(other), vector(member)))).toBe(false);
    }
    const beaten = all.filter(({ hash }) => !front.some((member) => member.hash === hash));
    for (const loser of beaten) {
      expect(front.some((member) => dominates(vector(member), vector(loser)))).toBe(true);
    }
    expect(front.map(({ loss }) => loss)).toEqual(front.map(({ loss }) => loss).sort((a, b) => a - b));
    const volumes = states.slice(1).map((state) => frontHypervolume(state.front, settings));
    expect(volumes).toEqual(volumes.toSorted((a, b) => a - b));
  });

  test('never lets a failed evaluation into population or front', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (failed) => {
        const proposals = ask(initialState, settings);
        const scores = proposals.map((proposal, place) => {
          if (!failed[place]) return scoreOf(proposal);
          return place % 2 === 0 ? null : scored(Number.NaN);
        });
        const { population, front, seen } = tell(initialState, settings, proposals, scores);
        const expected = new Set(proposals.filter((_, place) => !failed[place]).map(({ hash }) => hash));
        expect(new Set(population.map(({ hash }) => hash))).toEqual(expected);
        expect(front.every(({ hash }) => expected.has(hash))).toBe(true);
        expect(seen).toHaveLength(8);
      }),
      { numRuns: 20 },
    );
  });

  test('goes on after generations in which most failed', () => {
    const states = statesOf(sampler, 3, { fails: (place) => place > 0 });
    expect(states.map(({ population }) => population.length)).toEqual([0, 1, 2, 3]);
  });

  test('begins with the start genomes', () => {
    const startGenomes = sensibleLayouts(bounds).slice(0, 4);
    const proposals = ask(initialState, { ...settings, startGenomes });
    expect(proposals.slice(0, 4).map(({ hash }) => hash)).toEqual(startGenomes.map(genomeHash));
    expect(proposals).toHaveLength(settings.population);
  });

  test('says so where the bounds hold too few genomes', () => {
    const tight = parseGenomeBounds({
      classes: 7,
      maximumPatches: 1,
      minimumSide: 48,
      maximumSide: 48,
      maximumPixels: 1,
      maximumFilters: 4,
      maximumDenseUnits: 8,
    });
    expect(() => ask(initialState, { ...settings, bounds: tight, population: 300 })).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        data: expect.objectContaining({ option: 'bounds' }),
      }),
    );
  });

  test('lets only those on the top rung into the front', () => {
    const laddered = { ...settings, topRung: 2 };
    const proposals = ask(initialState, laddered);
    const scores = proposals.map((_, place) =>
      scored(1 - place / 10, { rung: place % 3, parameters: 9 - place }),
    );
    const { front, population } = tell(initialState, laddered, proposals, scores);
    expect(front.map(({ index }) => index)).toEqual([5]);
    expect(population).toHaveLength(8);
  });
});

describe('NSGA-II', () => {
  test('is elitist: nothing on an earlier front beats all of a later one', () => {
    const states = statesOf(samplers.nsga2, 6).slice(1);
    const least = states.map(({ front }) => front[0].loss);
    expect(least.at(-1)).toBeLessThan(least[0]);
    for (const [later, { population }] of states.entries()) {
      const leastOf = (members: typeof population) => Math.min(...members.map(({ loss }) => loss));
      if (later > 0) expect(leastOf(population)).toBeLessThanOrEqual(leastOf(states[later - 1].population));
    }
  });

  test('prefers useful genomes to tiny ones that know next to nothing', () => {
    const proposals = samplers.nsga2.ask(initialState, settings);
    const losses = [1, 1.1, 1.15, 1.3, 1.4, 1.5, 1.6, Math.log(7)];
    const sizes = [800, 700, 600, 5, 4, 3, 2, 1];
    const scores = losses.map((loss, place) => scored(loss, { parameters: sizes[place] }));
    const state = samplers.nsga2.tell(initialState, { ...settings, population: 5 }, proposals, scores);
    expect(state.front).toHaveLength(8); // nothing dominates any of them
    // Useful is what loses at most a fifth of log 7 − 1, that is up to 1.189; behind these, by loss.
    expect(new Set(state.population.slice(0, 3).map(({ loss }) => loss))).toEqual(new Set([1, 1.1, 1.15]));
    expect(state.population.slice(3).map(({ loss }) => loss)).toEqual([1.3, 1.4]);
    expect(usefulFront(state.front, settings).map(({ loss }) => loss)).toEqual([1, 1.1, 1.15]);
    expect(standingsOf(state.population, state, settings).map(({ rank }) => rank)).toEqual([0, 0, 0, 1, 2]);
  });

  test('takes any objectives, one or many', () => {
    for (const names of [['loss'], ['error', 'macs', 'pixels']] as const) {
      const objectives = names.map(objectiveFrom);
      const [last] = statesOf(samplers.nsga2, 4, { objectives }).slice(-1);
      expect(last.population).toHaveLength(8);
      const volume = frontHypervolume(last.front, { bounds, objectives });
      expect(volume).toBeGreaterThan(0);
      expect(volume).toBeLessThan(1);
      if (objectives.length === 1) expect(new Set(last.front.map(({ loss }) => loss)).size).toBe(1);
    }
  });
});

test('aging evolution forgets the oldest, however good they are', () => {
  const states = statesOf(samplers.aging, 7);
  const alive = states[7].population;
  expect(alive).toHaveLength(4 * settings.population);
  expect(Math.min(...alive.map(({ generation }) => generation))).toBe(3);
});

test('random search inherits nothing', () => {
  const [state] = statesOf(samplers.random, 3).slice(-1);
  expect(samplers.random.ask(state, settings).every(({ operators }) => operators.length === 0)).toBe(true);
});

test('a score that was taken again moves an individual off the front or along it', () => {
  const [state] = statesOf(samplers.nsga2, 3).slice(-1);
  const [best, ...others] = state.front;
  const scores = new Map([[best.hash, { ...best, losses: [best.loss, 99], loss: (best.loss + 99) / 2 }]]);
  const { front, population } = withScores(state, settings, scores);
  expect(front.some(({ hash }) => hash === best.hash)).toBe(
    others.every((one) => one.parameters > best.parameters),
  );
  expect(population.find(({ hash }) => hash === best.hash)?.losses).toEqual([best.loss, 99]);
});
