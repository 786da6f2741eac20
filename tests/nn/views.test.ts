import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { crop, dense, flatten } from '../../src/network/notation.ts';
import type { Engine } from '../../src/nn/engine.ts';
import { LANES } from '../../src/nn/layout.ts';
import { Session, type View } from '../../src/nn/session.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { randomView } from '../../src/nn/view.ts';
import { allEngines, randomSamples } from './harness.ts';
import { network } from './specs.ts';

const SIDE = 12;
const SAMPLES = randomSamples(1, SIDE, 2, 'views');
const STILL: View = { shiftX: 0, shiftY: 0, flip: false };
/** Settings of a step that changes nothing. */
const NO_UPDATE = [0, 0, 0, 1, 1, 1, 0];

let engines: Engine[];

beforeAll(async () => {
  engines = await allEngines();
});

/**
 * The frame as a network reads it: the ratio of the gradients of the weights and of a bias, if all samples of the batch
 * are the same.
 */
function seen(engine: Engine, view: View): Float32Array {
  const spec = network(SIDE, 2, {
    all: crop(SIDE, SIDE, { levels: 'raw' }),
    flat: flatten('all'),
    logits: dense(2),
  });
  const session = new Session(engine, spec, LANES, { optimizer: 'sgd', clip: false });
  const views = new Array<View>(LANES).fill(view);
  const targets = new Float32Array(32).map((_, i) => i % 2);
  session.train(SAMPLES, new Uint32Array(LANES), views, targets, NO_UPDATE, 0);
  const gradients = session.gradients();
  const [slope] = gradients.get('logits/bias') as Float32Array;
  return (gradients.get('logits/weights') as Float32Array)
    .filter((_, i) => i % 2 === 0)
    .map((value) => value / slope);
}

/** The frame between its pixels, in doubles. */
function expected({ rotation = 0, zoom = 1, shiftX, shiftY, flip }: View): number[] {
  const middle = (SIDE - 1) / 2;
  const clamp = (value: number) => Math.min(Math.max(value, 0), SIDE - 1);
  const grey = (x: number, y: number) => SAMPLES.frames[clamp(y) * SIDE + clamp(x)];
  return Array.from({ length: SIDE * SIDE }, (_, i) => {
    const column = (i % SIDE) + shiftX;
    const x = (flip ? SIDE - 1 - column : column) - middle;
    const y = Math.floor(i / SIDE) + shiftY - middle;
    const fromX = (Math.cos(rotation) * x + Math.sin(rotation) * y) / zoom + middle;
    const fromY = (Math.cos(rotation) * y - Math.sin(rotation) * x) / zoom + middle;
    const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
    const [right, down] = [fromX - left, fromY - top];
    const above = grey(left, top) * (1 - right) + grey(left + 1, top) * right;
    const below = grey(left, top + 1) * (1 - right) + grey(left + 1, top + 1) * right;
    return above * (1 - down) + below * down;
  });
}

function expectNear(values: Float32Array, wanted: readonly number[], tolerance: number): void {
  const gaps = wanted.map((value, i) => Math.abs(values[i] - value));
  expect(Math.max(...gaps)).toBeLessThan(tolerance);
}

describe('a view', () => {
  it('is the frame itself without augmentation', () => {
    for (const engine of engines) expectNear(seen(engine, STILL), Array.from(SAMPLES.frames), 1e-3);
  });

  it('rotates clockwise', () => {
    const turned = Array.from(SAMPLES.frames, (_, i) => {
      const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
      return SAMPLES.frames[(SIDE - 1 - x) * SIDE + y];
    });
    expectNear(seen(engines[0], { ...STILL, rotation: Math.PI / 2 }), turned, 1e-3);
  });

  it('zooms about the centre', () => {
    const view = { ...STILL, zoom: 2 };
    expectNear(seen(engines[0], view), expected(view), 1e-3);
  });

  it.each<View>([
    { ...STILL, rotation: 0.17 },
    { ...STILL, rotation: -0.17, zoom: 0.9 },
    { shiftX: 2, shiftY: -1, flip: true, rotation: 0.1, zoom: 1.1 },
  ])('is what lies between the pixels, to the 256th of one: %o', (view) => {
    // Coordinates are cut off to a 256th of a pixel in each direction, and neighbours differ by up to 255 grey levels.
    expectNear(seen(engines[0], view), expected(view), 2.1);
  });

  it('is the same on every engine, bit for bit, fused or not', () => {
    const view = { shiftX: 1, shiftY: 0, flip: true, rotation: 0.11, zoom: 1.07 };
    // One unit's gradient is the same in all samples of the block, so sums and quotients are exact to the last bit or nearly so.
    const [first, ...others] = engines.map((engine) => seen(engine, view));
    for (const other of others) expectNear(other, Array.from(first), 1e-3);
  });
});

describe('random views', () => {
  const many = (config: object) => {
    const random = randomStream('views');
    const full = trainingConfig({ epochs: 1, ...config });
    return Array.from({ length: 500 }, () => randomView(full, random));
  };

  it('fill the given ranges', () => {
    const views = many({ rotation: 10, zoom: 0.1 });
    const degrees = views.map(({ rotation = 0 }) => (rotation * 180) / Math.PI);
    const zooms = views.map(({ zoom = 1 }) => zoom);
    for (const [values, low, high] of [
      [degrees, -10, 10],
      [zooms, 0.9, 1.1],
    ] as const) {
      const share = (high - low) / 50;
      expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
      expect(Math.min(...values)).toBeLessThan(low + share);
      expect(Math.max(...values)).toBeLessThanOrEqual(high);
      expect(Math.max(...values)).toBeGreaterThan(high - share);
    }
  });

  it('draw no random numbers for rotation and zoom if these are off', () => {
    const plain = many({ shift: 2 });
    expect(plain.every(({ rotation, zoom }) => rotation === 0 && zoom === 1)).toBe(true);
    const random = randomStream('views');
    const expectedViews = plain.map(() => ({
      shiftX: random.integer(-2, 2),
      shiftY: random.integer(-2, 2),
      flip: random.chance(0.5),
    }));
    expect(plain).toMatchObject(expectedViews);
  });
});
