import { expect, test } from 'vitest';
import { viridis } from '../../src/charts/viridis.ts';

/** CIE 1976 lightness L* of an sRGB colour, 0–100. */
function lightness(color: readonly number[]): number {
  const [red, green, blue] = color.map((level) => {
    const share = level / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 116 * Math.cbrt(luminance) - 16;
}

test('lightness climbs evenly', () => {
  const levels = Array.from({ length: 101 }, (_, percent) => lightness(viridis(percent / 100)));
  const steps = levels.slice(1).map((level, i) => level - levels[i]);
  const mean = (levels[100] - levels[0]) / 100;
  expect(mean).toBeGreaterThan(0.7);
  for (const step of steps) expect(Math.abs(step - mean)).toBeLessThan(0.45);
  const straight = levels.map((level, percent) => Math.abs(level - levels[0] - percent * mean));
  expect(Math.max(...straight)).toBeLessThan(2);
});

test('begins in violet, ends in yellow, and holds its ends', () => {
  expect(viridis(0)).toEqual([0x44, 0x01, 0x54]);
  expect(viridis(1)).toEqual([0xfd, 0xe7, 0x25]);
  expect(viridis(-1)).toEqual(viridis(0));
  expect(viridis(2)).toEqual(viridis(1));
});
