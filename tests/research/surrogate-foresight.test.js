import { describe, expect, test } from 'vitest';
import { surrogateForesight } from '../../research/search/surrogate-foresight.js';
import { randomStream } from '../../src/core/random.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { coveredPixels } from '../../src/genome/patches.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { networkCost } from '../../src/network/describe.ts';

const bounds = parseGenomeBounds({ classes: 7 });

/** Five generations of sixteen genomes whose loss falls with the pixels that they read. */
const trainings = Array.from({ length: 80 }, (_, index) => {
  const genome = randomGenome(bounds, randomStream('foresight', index));
  return {
    generation: Math.floor(index / 16),
    rung: 0,
    network: genomeHash(genome),
    genome,
    loss: 2 - coveredPixels(genome, FACE_FRAME) / 2304,
    ...networkCost(toNetworkSpec(genome, bounds)),
  };
});

describe('foresight of the surrogate', () => {
  test('sees what decides the loss, from the second generation on', () => {
    const generations = surrogateForesight(trainings, FACE_FRAME);
    expect(generations.map(({ generation }) => generation)).toEqual([1, 2, 3, 4]);
    for (const { genomes, surrogate, surrogateBeyondSize, pixels, parameters } of generations) {
      expect(genomes).toBe(16);
      expect(surrogate).toBeGreaterThan(0.8);
      expect(surrogateBeyondSize).toBeGreaterThan(0.7);
      expect(pixels).toBeCloseTo(1, 12);
      expect(parameters).toBeLessThan(surrogate);
    }
  });

  test('knows nothing of the generation that it foretells, or of later ones', () => {
    const later = trainings.map((training) =>
      training.generation < 3 ? training : { ...training, loss: -training.loss },
    );
    const [first, second, third] = surrogateForesight(later, FACE_FRAME);
    expect([first, second]).toEqual(surrogateForesight(trainings, FACE_FRAME).slice(0, 2));
    expect(third.surrogate).toBeLessThan(-0.8);
  });

  test('asks for each genome once, on the first rung that it was trained to', () => {
    const promoted = trainings.map((training) => ({ ...training, rung: 2, loss: 0.1 }));
    const plain = surrogateForesight(trainings, FACE_FRAME);
    const [, ...rest] = surrogateForesight([...promoted, ...trainings], FACE_FRAME);
    expect(rest.every(({ genomes }) => genomes === 16)).toBe(true);
    expect(rest.map(({ pixels }) => pixels)).toEqual(plain.slice(1).map(({ pixels }) => pixels));
  });

  test('is silent where too little is known', () => {
    expect(surrogateForesight(trainings.slice(0, 16), FACE_FRAME)).toEqual([]);
  });
});
