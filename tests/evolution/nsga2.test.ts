import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dominates } from '../../src/evolution/dominance.ts';
import {
  ask,
  type Individual,
  initialState,
  type Score,
  type SearchState,
  standingsOf,
  tell,
  usefulFront,
} from '../../src/evolution/nsga2.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { genomeHash } from '../../src/genome/canonical.ts';
import type { Genome } from '../../src/genome/genome.ts';
import { parseGenome } from '../../src/genome/parse-genome.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { parameterCount } from '../../src/network/describe.ts';

const bounds = parseGenomeBounds({ classes: 7, maximumParameters: 40_000 });
const settings = { seed: 'nsga2', population: 8, bounds };

/** A landscape to search: the loss falls with the parameters and with how close the first patch is to a place. */
function score(genome: Genome): NonNullable<Score> {
  const parameters = parameterCount(toNetworkSpec(genome, bounds));
  const [{ dx, dy }] = genome.patches;
  const loss = 1 + 1000 / (1000 + parameters) + (dx * dx + (dy - 8) * (dy - 8)) / 1000;
  return { loss, accuracy: 0.5, parameters, macs: 1 };
}

function run(generations: number, fails: (place: number) => boolean = () => false): SearchState[] {
  const states = [initialState];
  for (let state = initialState; state.generation < generations; ) {
    const genomes = ask(state, settings);
    const scores = genomes.map((genome, place) => (fails(place) ? null : score(genome)));
    state = tell(state, settings, genomes, scores);
    states.push(state);
  }
  return states;
}

describe('ask and tell', () => {
  test('give the same search for the same seed and another for another', () => {
    expect(run(4)).toEqual(run(4));
    expect(ask(initialState, { ...settings, seed: 'other' })).not.toEqual(ask(initialState, settings));
  });

  test('know nothing but the state: written down and read again it goes on in the same way', () => {
    const state = run(3)[3];
    expect(ask(JSON.parse(JSON.stringify(state)), settings)).toEqual(ask(state, settings));
  });

  test('propose genomes within the bounds, each only once', () => {
    const states = run(5);
    const seen = states[5].seen;
    expect(seen).toHaveLength(5 * settings.population);
    expect(new Set(seen).size).toBe(seen.length);
    for (const genome of ask(states[5], settings)) {
      expect(() => parseGenome(genome, bounds)).not.toThrow();
      expect(seen).not.toContain(genomeHash(genome));
    }
  });

  test('are elitist: nothing on an earlier front beats all of a later one', () => {
    const fronts = run(6)
      .slice(1)
      .map(({ front }) => front.map(({ loss, parameters }) => [loss, parameters]));
    for (let later = 1; later < fronts.length; later++) {
      for (const member of fronts[later]) {
        expect(fronts[later - 1].some((old) => dominates(old, member))).toBe(false);
      }
    }
    const least = fronts.map((front) => Math.min(...front.map(([loss]) => loss)));
    expect(least.at(-1)).toBeLessThan(least[0]);
  });

  test('keep a front that no genome of the run dominates', () => {
    const states = run(6);
    const all = states.flatMap(({ population }) => population);
    const { front } = states[6];
    const vector = ({ loss, parameters }: Individual) => [loss, parameters];
    for (const member of front)
      expect(all.some((other) => dominates(vector(other), vector(member)))).toBe(false);
    const beaten = all.filter(({ hash }) => !front.some((member) => member.hash === hash));
    for (const loser of beaten)
      expect(front.some((member) => dominates(vector(member), vector(loser)))).toBe(true);
    expect(front.map(({ loss }) => loss)).toEqual(front.map(({ loss }) => loss).sort((a, b) => a - b));
  });

  test('prefer useful genomes to tiny ones that know next to nothing', () => {
    const genomes = ask(initialState, settings);
    const guessing = Math.log(7);
    const losses = [1, 1.1, 1.15, 1.3, 1.4, 1.5, 1.6, guessing];
    const sizes = [800, 700, 600, 5, 4, 3, 2, 1];
    const scores = losses.map((loss, place) => ({ loss, accuracy: 0.5, parameters: sizes[place], macs: 1 }));
    const state = tell(initialState, { ...settings, population: 5 }, genomes, scores);
    expect(state.front).toHaveLength(8); // nothing dominates any of them
    // Useful is what loses at most a fifth of log 7 − 1, that is up to 1.189; behind these, by loss.
    expect(new Set(state.population.slice(0, 3).map(({ loss }) => loss))).toEqual(new Set([1, 1.1, 1.15]));
    expect(state.population.slice(3).map(({ loss }) => loss)).toEqual([1.3, 1.4]);
    expect(usefulFront(state, settings).map(({ loss }) => loss)).toEqual([1, 1.1, 1.15]);
    expect(standingsOf(state, settings).map(({ rank }) => rank)).toEqual([0, 0, 0, 1, 2]);
  });

  test('never let a failed evaluation into the population', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (failed) => {
        const genomes = ask(initialState, settings);
        const scores = genomes.map((genome, place) => {
          if (!failed[place]) return score(genome);
          return place % 2 === 0 ? null : { ...score(genome), loss: Number.NaN };
        });
        const { population, seen } = tell(initialState, settings, genomes, scores);
        const survivors = new Set(population.map(({ hash }) => hash));
        const expected = genomes.filter((_, place) => !failed[place]).map(genomeHash);
        expect(survivors).toEqual(new Set(expected));
        expect(seen).toHaveLength(8);
      }),
      { numRuns: 20 },
    );
  });

  test('go on after a generation in which most failed', () => {
    const states = run(3, (place) => place > 0);
    expect(states.map(({ population }) => population.length)).toEqual([0, 1, 2, 3]);
  });

  test('say so where the bounds hold too few genomes', () => {
    const tight = parseGenomeBounds({
      classes: 7,
      maximumPatches: 1,
      minimumSide: 48,
      maximumSide: 48,
      maximumFilters: 4,
      maximumDenseUnits: 8,
    });
    const many = { ...settings, bounds: tight, population: 300 };
    expect(() => ask(initialState, many)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        data: expect.objectContaining({ option: 'bounds' }),
      }),
    );
  });
});
