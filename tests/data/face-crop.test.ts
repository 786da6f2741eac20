import { describe, expect, it } from 'vitest';
import { cropOf } from '../../src/data/face-crop.ts';
import { MEAN_SHAPE } from '../../src/landmarks/mean-shape.ts';

const shape = (scale: number, x: number, y: number) =>
  MEAN_SHAPE.flatMap(([px, py]) => [scale * px + x, scale * py + y]);

describe('cropOf', () => {
  it('draws around the face of a photo the square that the mean shape has', () => {
    const crop = cropOf({ width: 900, height: 600 }, shape(2, 300, 100));
    for (const [found, wanted] of [
      [crop.x, 300],
      [crop.y, 100],
      [crop.width, 96],
      [crop.height, 96],
    ]) {
      expect(found).toBeCloseTo(wanted, 9);
    }
  });

  it('makes the square as large as the wider of both sides asks', () => {
    const wide = shape(2, 300, 100).map((value, i) => (i % 2 === 0 ? 300 + 1.5 * (value - 300) : value));
    expect(cropOf({ width: 900, height: 600 }, wide).width).toBeCloseTo(144, 9);
  });

  it('takes the whole picture if the points span a third of it, if it is small, and if no points are known', () => {
    const whole = (width: number, height: number) => ({ x: 0, y: 0, width, height });
    expect(cropOf({ width: 240, height: 200 }, shape(2, 70, 50))).toEqual(whole(240, 200));
    expect(cropOf({ width: 242, height: 200 }, shape(2, 70, 50)).width).toBeCloseTo(96, 9);
    expect(cropOf({ width: 128, height: 100 }, shape(0.5, 5, 5))).toEqual(whole(128, 100));
    const nothing = shape(2, 300, 100).map(() => Number.NaN);
    expect(cropOf({ width: 900, height: 600 }, nothing)).toEqual(whole(900, 600));
    expect(cropOf({ width: 900, height: 600 }, nothing.with(0, 5).with(1, 5))).toEqual(whole(900, 600));
  });

  it('goes by the points that are known', () => {
    const points = shape(2, 300, 100);
    const partly = points.map((value, i) => (i >= 60 && i < 70 ? Number.NaN : value));
    expect(cropOf({ width: 900, height: 600 }, partly)).toEqual(cropOf({ width: 900, height: 600 }, points));
  });
});
