import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/core/random.ts';
import type { Genome } from '../../../src/genome/genome.ts';
import { coveredPixels, mirrorImage } from '../../../src/genome/patches.ts';
import { randomGenome } from '../../../src/genome/random.ts';
import { frontHypervolume, objectiveFrom } from '../../../src/search/objectives.ts';
import { samplers } from '../../../src/search/samplers.ts';
import { featuresOf } from '../../../src/search/surrogate/features.ts';
import { bounds, settings, statesOf } from '../searching.ts';

const genomes = Array.from({ length: 64 }, (_, index) =>
  randomGenome(bounds, randomStream('screened', index)),
);
const counts = { parameters: 1000, macs: 1000 };

describe('featuresOf', () => {
  test('gives every genome a point of as many finite numbers, the read share among them', () => {
    for (const genome of genomes) {
      const features = featuresOf(genome, counts, bounds.frame);
      expect(features).toHaveLength(featuresOf(genomes[0], counts, bounds.frame).length);
      expect(features.every(Number.isFinite)).toBe(true);
      expect(features[2]).toBeCloseTo(coveredPixels(genome, bounds.frame) / 48 ** 2, 12);
    }
  });

  test('does not tell a layout from its mirror image', () => {
    const mirrored = (genome: Genome): Genome => ({ ...genome, patches: genome.patches.map(mirrorImage) });
    for (const genome of genomes) {
      const features = featuresOf(genome, counts, bounds.frame);
      const image = featuresOf(mirrored(genome), counts, bounds.frame);
      for (const [place, value] of features.entries()) expect(image[place]).toBeCloseTo(value, 12);
    }
  });
});

describe('a sampler with a surrogate', () => {
  const screening = { ...settings, surrogate: true };
  const [, , state] = statesOf(samplers.nsga2, 2, { surrogate: false });

  test('takes the first eighth as it is bred', () => {
    const proposed = samplers.nsga2.ask(state, screening);
    expect(proposed[0]).toEqual(samplers.nsga2.ask(state, settings)[0]);
    expect(proposed.slice(1)).not.toEqual(samplers.nsga2.ask(state, settings).slice(1));
  });

  test('does without it as long as next to nothing is known', () => {
    const [, young] = statesOf(samplers.nsga2, 1, { surrogate: false });
    expect(samplers.nsga2.ask(young, screening)).toEqual(samplers.nsga2.ask(young, settings));
  });

  test.each(['nsga2', 'aging'] as const)(
    '%s finds a larger hypervolume in as many evaluations, on average',
    (name) => {
      const gains = ['a', 'b', 'c'].map((seed) => {
        const [screened, plain] = [true, false].map((surrogate) => {
          const last = statesOf(samplers[name], 5, { seed, surrogate }).at(-1);
          return frontHypervolume(last?.front ?? [], settings);
        });
        return screened - plain;
      });
      expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeGreaterThan(0);
    },
  );

  test.each([[['loss']], [['error', 'macs', 'pixels']], [['loss', 'latency']]] as const)(
    'expects the objectives %j',
    (names) => {
      const objectives = names.map(objectiveFrom);
      const withLatency = { ...state, population: state.population.map((one) => ({ ...one, latency: 1 })) };
      const hashes = samplers.nsga2.ask(withLatency, { ...screening, objectives }).map(({ hash }) => hash);
      expect(new Set(hashes).size).toBe(settings.population);
    },
  );
});
