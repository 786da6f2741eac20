import { beforeAll, describe, expect, it } from 'vitest';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { LANES } from '../../src/nn/layout.ts';
import { measure } from '../../src/nn/measure.ts';
import type { Samples } from '../../src/nn/samples.ts';
import { LearningRate } from '../../src/nn/schedule.ts';
import { Session } from '../../src/nn/session.ts';
import { type EpochRecord, trainNetwork } from '../../src/nn/train-network.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { allEngines, randomSamples } from './harness.ts';
import { everyKind, plainNetwork } from './networks.ts';

const SIDE = 8;
const COUNT = 192;
const SPEC = plainNetwork(SIDE, 3);
const CONFIG = trainingConfig({ epochs: 8, batchSize: 32, learningRate: 0.01, flip: false });
const all = numbers(0, COUNT);

let engine: Engine;

beforeAll(async () => {
  engine = await openEngine();
});

function numbers(first: number, last: number): Uint32Array {
  return Uint32Array.from({ length: last - first }, (_, i) => first + i);
}

/** Noise with a bright bar, whose height depends on the class. */
function bars(seed: string): Samples {
  const samples = randomSamples(COUNT, SIDE, 3, seed);
  samples.labels.forEach((label, sample) => {
    const start = sample * SIDE * SIDE + (1 + 2 * label) * SIDE;
    for (let i = start; i < start + SIDE; i++) samples.frames[i] = 224 + samples.frames[i] / 8;
  });
  return samples;
}

const accuracyOf = (probabilities: Float32Array, { labels }: Samples, indices: Uint32Array) =>
  measure(probabilities, labels, indices, 3).accuracy;

/** Counts the outputs that an input contributes to: convolution [filters][channels][y][x], depthwise [channels][y][x], dense. */
function fanOut(shape: readonly number[]): number {
  const [first, second, ...rest] = shape;
  if (shape.length === 4) return first * rest[0] * rest[1];
  return shape.length === 3 ? second * rest[0] : second;
}

describe('training', () => {
  it('learns an easy task on every engine', async () => {
    const samples = bars('task');
    const [training, validation] = [numbers(0, 128), numbers(128, COUNT)];
    for (const one of await allEngines()) {
      const config = { ...CONFIG, epochs: 20 };
      const { network, history } = trainNetwork(one, SPEC, samples, { training, config, seed: 'a' });
      expect(accuracyOf(network.predict(samples, validation), samples, validation)).toBeGreaterThan(0.95);
      expect(history).toHaveLength(20);
      expect(history[19].trainingLoss).toBeLessThan(0.3 * history[0].trainingLoss);
    }
  });

  it('starts from weights of the scale that keeps activations alike', () => {
    const { parameters } = new Session(engine, plainNetwork(32, 7), LANES).plan.parameters;
    const weights = initialWeights(parameters, 'seed');
    for (const { name, role, fanIn } of parameters) {
      const values = weights.get(name) ?? new Float32Array();
      const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      if (role === 'bias') expect(square).toBe(0);
      else if (values.length > 1000) expect(square / (2 / fanIn)).toBeCloseTo(1, 1);
    }
    expect(initialWeights(parameters, 'seed')).toEqual(weights);
    expect(initialWeights(parameters, 'other')).not.toEqual(weights);
  });

  it("starts from smaller weights with 'glorot'", () => {
    const { parameters } = new Session(engine, everyKind(), LANES).plan.parameters;
    const [he, glorot] = [undefined, 'glorot' as const].map((name) =>
      initialWeights(parameters, 'seed', name),
    );
    for (const { name, role, shape, fanIn } of parameters) {
      const values = he.get(name) ?? new Float32Array();
      const factor = role === 'weights' ? Math.sqrt(fanIn / (fanIn + fanOut(shape))) : 1;
      expect(Array.from(glorot.get(name) ?? [])).toEqual(
        Array.from(values, (value) => expect.closeTo(factor * value, 6)),
      );
    }
  });

  it('reports each epoch as it ends', () => {
    const records: EpochRecord[] = [];
    const options = {
      training: all,
      config: CONFIG,
      seed: 'a',
      onEpoch: (record: EpochRecord) => records.push(record),
    };
    expect(trainNetwork(engine, SPEC, bars('task'), options).history).toEqual(records);
    expect(records.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('keeps the weights of the best epoch and stops after `patience` worse ones', () => {
    const samples = randomSamples(COUNT, SIDE, 3, 'nothing to learn');
    const config = trainingConfig({ ...CONFIG, epochs: 60, patience: 3, schedule: 'constant' });
    const validation = numbers(128, COUNT);
    const options = { training: numbers(0, 128), validation, config, seed: 'a' };
    const { network, history } = trainNetwork(engine, SPEC, samples, options);
    const losses = history.map(({ validationLoss }) => validationLoss ?? Number.NaN);
    const best = losses.indexOf(Math.min(...losses));
    expect(history.length).toBeLessThan(60);
    expect(history.length - 1 - best).toBe(3);
    const kept = measure(network.predict(samples, validation), samples.labels, validation, 3).loss;
    expect(kept).toBe(losses[best]);
  });

  it('learns a teacher’s probabilities where the labels have no share', () => {
    const samples = randomSamples(COUNT, SIDE, 3, 'teacher');
    const taught = [0.5, 0.3, 0.2];
    const logits = Float32Array.from({ length: COUNT * 3 }, (_, i) => Math.log(taught[i % 3]));
    for (const temperature of [1, 2]) {
      const teacher = { logits, hash: 'h', temperature, mixing: 1, squared: false };
      const options = { training: all, config: { ...CONFIG, epochs: 40 }, seed: 'a', teacher };
      const { network, history } = trainNetwork(engine, SPEC, samples, options);
      const powers = taught.map((p) => p ** (1 / temperature));
      const softened = powers.map((power) => power / (powers[0] + powers[1] + powers[2]));
      const entropy = -softened.reduce((sum, p) => sum + p * Math.log(p), 0);
      expect(history[39].trainingLoss).toBeCloseTo(entropy, 2);
      // At the temperature the student agrees with the softened teacher, and so without one with the teacher itself.
      const answers = network.predict(samples, all);
      for (const [k, share] of taught.entries()) {
        const mean = answers.reduce((sum, p, i) => sum + (i % 3 === k ? p : 0), 0) / COUNT;
        expect(mean).toBeCloseTo(share, 1);
      }
    }
  });

  it('spreads the smoothed share over all classes', () => {
    const samples = bars('task');
    const config = trainingConfig({ ...CONFIG, epochs: 40, labelSmoothing: 0.3, weightDecay: 0 });
    const { network } = trainNetwork(engine, SPEC, samples, { training: all, config, seed: 'a' });
    const probabilities = network.predict(samples, all);
    const own = samples.labels.reduce((sum, label, i) => sum + probabilities[3 * i + label], 0) / COUNT;
    expect(own).toBeCloseTo(0.8, 1);
    expect(own).toBeLessThan(0.85);
  });

  it('needs one whole batch', () => {
    const options = { training: numbers(0, 31), config: CONFIG, seed: 'a' };
    expect(() => trainNetwork(engine, SPEC, bars('task'), options)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        data: expect.objectContaining({ option: 'batchSize' }),
      }),
    );
  });

  it('stops when aborted', () => {
    const controller = new AbortController();
    const onEpoch = ({ epoch }: EpochRecord) => epoch === 2 && controller.abort();
    const options = { training: all, config: CONFIG, seed: 'a', onEpoch, signal: controller.signal };
    expect(() => trainNetwork(engine, SPEC, bars('task'), options)).toThrow(
      expect.objectContaining({ name: 'EvopatchError', code: 'ABORTED' }),
    );
  });
});

describe('the learning rate', () => {
  const rates = (options: object, steps: number) => {
    const schedule = new LearningRate(trainingConfig({ epochs: 1, learningRate: 0.8, ...options }), steps);
    return Array.from({ length: steps }, (_, step) => schedule.at(step));
  };

  it('climbs over the warm-up, then stays', () => {
    expect(rates({ schedule: 'constant', warmup: 0.4 }, 10)).toEqual(
      [0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8].map((rate) => expect.closeTo(rate, 12)),
    );
  });

  it('falls along half a cosine', () => {
    const expected = Array.from({ length: 8 }, (_, step) => 0.4 * (1 + Math.cos((Math.PI * step) / 8)));
    expect(rates({ schedule: 'cosine', warmup: 0 }, 8)).toEqual(
      expected.map((rate) => expect.closeTo(rate, 12)),
    );
  });

  it('falls to a third when the loss has stalled for three epochs', () => {
    const schedule = new LearningRate(
      trainingConfig({ epochs: 9, learningRate: 0.9, schedule: 'plateau', warmup: 0 }),
      100,
    );
    const seen = [1, 0.9, 0.95, 0.9, 0.91, 0.8, 0.8, 0.8, 0.8].map((loss) => {
      schedule.recordLoss(loss);
      return schedule.at(50);
    });
    const expected = [0.9, 0.9, 0.9, 0.9, 0.3, 0.3, 0.3, 0.3, 0.1];
    expect(seen).toEqual(expected.map((rate) => expect.closeTo(rate, 12)));
  });
});

describe('the training configuration', () => {
  it.each([
    ['batchSize', 24],
    ['epochs', 0],
    ['learningRate', 0],
    ['labelSmoothing', 1],
    ['schedule', 'step'],
  ])('refuses %s = %s by name', (option, given) => {
    expect(() => trainingConfig({ epochs: 1, [option]: given })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', data: expect.objectContaining({ option, given }) }),
    );
  });
});

describe('a session', () => {
  it('refuses batches that do not fill blocks, and weights that do not fit', () => {
    for (const batchSize of [0, 8, 24, 16.5, Number.NaN]) {
      expect(() => new Session(engine, SPEC, batchSize)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      );
    }
    const session = new Session(engine, SPEC, LANES);
    const weights = session.weights();
    weights.delete('hidden/bias');
    expect(() => session.setWeights(weights)).toThrow(/hidden\/bias/);
    weights.set('hidden/bias', new Float32Array(11));
    expect(() => session.setWeights(weights)).toThrow(expect.objectContaining({ code: 'INVALID_MODEL' }));
  });

  it('predicts each sample alike, at any position in any batch', () => {
    const samples = bars('task');
    const one = new Session(engine, SPEC, LANES);
    const many = new Session(engine, SPEC, 64);
    const weights = initialWeights(one.plan.parameters.parameters, 'a');
    one.setWeights(weights);
    many.setWeights(weights);
    const together = many.predict(samples, numbers(0, 77));
    for (const sample of [0, 15, 16, 63, 64, 76]) {
      expect(one.predict(samples, Uint32Array.of(sample))).toEqual(
        together.slice(3 * sample, 3 * sample + 3),
      );
    }
    expect(one.predict(samples, new Uint32Array())).toHaveLength(0);
  });
});
