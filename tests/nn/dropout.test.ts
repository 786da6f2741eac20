import { beforeAll, describe, expect, it } from 'vitest';
import { crop, dense, dropout, flatten } from '../../src/network/notation.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { LANES } from '../../src/nn/layout.ts';
import { Session } from '../../src/nn/session.ts';
import { engineStep, randomSamples } from './harness.ts';
import { referencePredict } from './reference.ts';
import { network } from './specs.ts';

const SIDE = 20;
const BATCH = 64;

let engine: Engine;

beforeAll(async () => {
  engine = await openEngine();
});

const spec = (rate: number) =>
  network(SIDE, 2, { face: crop(SIDE, SIDE), flat: flatten(), lost: dropout(rate), logits: dense(2) });

/**
 * The mask of every position and sample, one sample at a time: all others get their own prediction as target, so
 * nothing flows back from them, and the gradient of a weight is its input times a known factor.
 */
function keptShares(rate: number, dropoutSeed: number): Float64Array {
  const noise = randomSamples(BATCH, SIDE, 2, 'dropout');
  const samples = { ...noise, frames: noise.frames.map((grey) => (grey < 128 ? 0 : 255)) };
  const indices = Uint32Array.from({ length: BATCH }, (_, i) => i);
  const weights = new Map([
    ['logits/weights', new Float32Array(SIDE * SIDE * 2)],
    ['logits/bias', new Float32Array(2)],
  ]);
  const kept = new Float64Array(SIDE * SIDE * BATCH);
  const inputs = frameValues(samples.frames);
  for (let sample = 0; sample < BATCH; sample++) {
    const targets = new Float32Array(BATCH * 2).fill(0.5);
    targets.set([1, 0], sample * 2);
    const batch = { samples, indices, views: [], targets, temperature: 1, dropoutSeed };
    const gradient = engineStep(engine, spec(rate), weights, batch).gradients.get('logits/weights');
    for (let i = 0; i < SIDE * SIDE; i++) {
      const factor = (-0.5 / BATCH) * inputs[sample * SIDE * SIDE + i];
      kept[i * BATCH + sample] = (gradient?.[2 * i] ?? Number.NaN) / factor;
    }
  }
  return kept;
}

function frameValues(frames: Uint8Array): Float64Array {
  const pixels = SIDE * SIDE;
  const values = new Float64Array(frames.length);
  for (let start = 0; start < frames.length; start += pixels) {
    const frame = Array.from(frames.subarray(start, start + pixels));
    const mean = frame.reduce((a, b) => a + b, 0) / pixels;
    const deviation = Math.sqrt(frame.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels);
    for (let i = 0; i < pixels; i++) values[start + i] = (frame[i] - mean) / deviation;
  }
  return values;
}

describe('dropout', () => {
  it.each([0.1, 0.5, 0.8])('of rate %f keeps its share and scales the rest', (rate) => {
    const shares = keptShares(rate, 12345);
    const scale = 1 / (1 - rate);
    for (const share of shares) expect(Math.min(Math.abs(share), Math.abs(share - scale))).toBeLessThan(1e-3);
    const lost = shares.filter((share) => share < scale / 2).length / shares.length;
    const deviation = Math.sqrt((rate * (1 - rate)) / shares.length);
    expect(Math.abs(lost - rate)).toBeLessThan(4 * deviation);
  });

  it('draws another mask with another seed, alike in neighbours by chance only', () => {
    const first = keptShares(0.5, 1).map((share) => (share > 1 ? 1 : 0));
    const second = keptShares(0.5, 2).map((share) => (share > 1 ? 1 : 0));
    const agreement = (a: ArrayLike<number>, b: ArrayLike<number>, shift = 0) => {
      const length = a.length - shift;
      return (
        Array.from({ length }, (_, i) => (a[i] === b[i + shift] ? 1 : 0) as number).reduce((x, y) => x + y) /
        length
      );
    };
    const deviation = 0.5 / Math.sqrt(first.length);
    expect(agreement(first, first)).toBe(1);
    expect(Math.abs(agreement(first, second) - 0.5)).toBeLessThan(4 * deviation);
    for (const shift of [1, 2, 16, BATCH, BATCH * SIDE]) {
      expect(Math.abs(agreement(first, first, shift) - 0.5), `shift ${shift}`).toBeLessThan(4 * deviation);
    }
  });

  it('does not change predictions', () => {
    const samples = randomSamples(LANES, SIDE, 2, 'prediction');
    const indices = Uint32Array.from({ length: LANES }, (_, i) => i);
    const session = new Session(engine, spec(0.5), LANES);
    const weights = new Map([
      [
        'logits/weights',
        Float32Array.from({ length: SIDE * SIDE * 2 }, (_, i) => ((i * 7919) % 13) / 100 - 0.06),
      ],
      ['logits/bias', Float32Array.of(0.1, -0.1)],
    ]);
    session.setWeights(weights);
    const expected = referencePredict(spec(0), weights, samples, indices);
    session.predict(samples, indices).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5);
    });
  });
});
