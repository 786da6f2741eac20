import { describe, expect, test } from 'vitest';
import { type EvolveOptions, parseOptions } from '../../src/options/evolve-options.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

const dataset = tinyFaces({ train: 12, validation: 6 });

/** Options as a caller without types may pass them. */
const parseUnchecked = (options: object) => () => parseOptions(options as EvolveOptions);

describe('parseOptions', () => {
  test('fills in what was left out', () => {
    const settings = parseOptions({ dataset, fitness: { epochs: 2 } });
    expect(settings).toMatchObject({
      population: 32,
      generations: 20,
      engine: 'auto',
      baseline: true,
      retries: 2,
    });
    expect(settings.workers).toBeGreaterThanOrEqual(1);
    expect(settings.fitness).toMatchObject({ epochs: 2, samples: 12, flip: false });
    expect(settings.final).toMatchObject({ samples: 12, flip: true, shift: 1 });
    expect(settings.bounds).toMatchObject({ classes: 3, frame: dataset.frame, maximumParameters: 97_000 });
  });

  test('gives all trainings one form of convolutions, unless a training has its own', () => {
    const formsOf = (options: Partial<EvolveOptions>) => {
      const { convolution, fitness, final } = parseOptions({ dataset, ...options });
      return [convolution, fitness.convolution, final.convolution];
    };
    expect(formsOf({})).toEqual(['winograd', 'winograd', 'winograd']);
    expect(formsOf({ convolution: 'direct' })).toEqual(['direct', undefined, undefined]);
    expect(formsOf({ final: { convolution: 'direct' } })).toEqual(['winograd', 'winograd', undefined]);
    expect(parseUnchecked({ dataset, convolution: 'fft' })).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        data: expect.objectContaining({ option: 'convolution' }),
      }),
    );
  });

  test.each([
    [{}, 'dataset', undefined],
    [{ dataset: {} }, 'dataset', {}],
    [{ dataset, population: 1 }, 'population', 1],
    [{ dataset, population: 8.5 }, 'population', 8.5],
    [{ dataset, generations: 0 }, 'generations', 0],
    [{ dataset, seed: 5 }, 'seed', 5],
    [{ dataset, asynchronous: 1 }, 'asynchronous', 1],
    [{ dataset, asynchronous: true, sampler: 'aging' }, 'sampler', 'aging'],
    [{ dataset, asynchronous: true, sampler: 'random' }, 'sampler', 'random'],
    [{ dataset, workers: -1 }, 'workers', -1],
    [{ dataset, engine: 'gpu' }, 'engine', 'gpu'],
    [{ dataset, fitness: { epochs: 0 } }, 'fitness.epochs', 0],
    [{ dataset, final: { batchSize: 40 } }, 'final.batchSize', 40],
    [{ dataset, final: { optimizer: 'adam' } }, 'final.optimizer', 'adam'],
    [{ dataset, jitter: -1 }, 'jitter', -1],
    [{ dataset, jitter: 9 }, 'jitter', 9],
    [{ dataset, jitter: 1.5 }, 'jitter', 1.5],
    [{ dataset: { ...dataset, align: 'both' } }, 'dataset', expect.any(Object)],
    [{ dataset, margin: 2 }, 'margin', 2],
    [{ dataset, bounds: { maximumParameters: 10 } }, 'bounds.maximumParameters', 10],
    [{ dataset, bounds: { maximumSide: 60 } }, 'bounds.maximumSide', 60],
    [{ dataset, bounds: { sides: 3 } }, 'bounds.sides', 3],
    [{ dataset, bounds: { classes: 3 } }, 'bounds.classes', 3],
    [{ dataset, signal: 'stop' }, 'signal', 'stop'],
    [{ dataset, onEvent: 1 }, 'onEvent', 1],
    [{ dataset, populaton: 8 }, 'populaton', 8],
    [{ dataset, fitness: { epoch: 8 } }, 'fitness.epoch', 8],
  ])('refuses %o and names the option', (options, option, given) => {
    expect(parseUnchecked(options)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        data: expect.objectContaining(given === undefined ? { option } : { option, given }),
      }),
    );
  });

  test('jitter is the shift of the final training, unless that is given', () => {
    expect(parseOptions({ dataset, jitter: 0 })).toMatchObject({
      final: { shift: 0 },
      fitness: { shift: 0 },
    });
    expect(parseOptions({ dataset, jitter: 8 })).toMatchObject({
      final: { shift: 8 },
      fitness: { shift: 0 },
    });
    expect(parseOptions({ dataset, jitter: 3, final: { shift: 2 } }).final.shift).toBe(2);
    expect(parseOptions({ dataset, jitter: 3 })).not.toHaveProperty('jitter');
  });

  test('says what is allowed', () => {
    expect(parseUnchecked({ dataset, population: 1 })).toThrow(/'population'.*>=4.*given: 1/);
    expect(parseUnchecked({ dataset, engine: 'gpu' })).toThrow(/'native', 'wasm'/);
    expect(parseUnchecked({ dataset, populaton: 8 })).toThrow(/known are dataset, runFolder, force/);
    expect(parseUnchecked({ dataset, final: { optimizer: 'adam' } })).toThrow(/"adamw"\|"sgd"/);
  });
});
