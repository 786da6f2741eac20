import { describe, expect, test } from 'vitest';
import { diverging, magma, viridis } from '../../src/charts/colors.ts';

describe('viridis', () => {
  /** CIE 1976 lightness L* of an sRGB colour, 0–100. */
  function lightness(color: readonly number[]): number {
    const [red, green, blue] = color.map((level) => {
      const share = level / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    return 116 * Math.cbrt(luminance) - 16;
  }

  test('rises evenly in lightness', () => {
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
});

describe('magma', () => {
  test('matches the published colours, also between its stops', () => {
    // Numbers 0, 64, 128, 192 and 255 of 256.
    const published = [0x000004, 0x51127c, 0xb73779, 0xfc8961, 0xfcfdbf];
    for (const [quarter, color] of published.entries()) {
      const found = magma(Math.min((64 * quarter) / 255, 1));
      for (const [channel, shift] of [16, 8, 0].entries()) {
        expect(Math.abs(found[channel] - ((color >> shift) & 0xff))).toBeLessThanOrEqual(3);
      }
    }
  });

  test('rises in luminance at every step', () => {
    const luminance = (share: number) => {
      const [red, green, blue] = magma(share).map((level) => (level / 255) ** 2.2);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    for (let percent = 1; percent <= 100; percent++) {
      expect(luminance(percent / 100)).toBeGreaterThan(luminance((percent - 1) / 100));
    }
  });
});

describe('diverging', () => {
  test('runs from blue over white to orange, equally dark at both ends', () => {
    const lightness = ([red, green, blue]: readonly number[]) => 0.3 * red + 0.59 * green + 0.11 * blue;
    const [below, middle, above] = [-1, 0, 1].map(diverging);
    expect(below[2]).toBeGreaterThan(below[0]);
    expect(above[0]).toBeGreaterThan(above[2]);
    expect(Math.min(...middle)).toBeGreaterThan(240);
    expect(Math.abs(lightness(below) - lightness(above))).toBeLessThan(12);
    for (let step = 0; step < 20; step++) {
      const [nearer, farther] = [step / 20, (step + 1) / 20];
      for (const sign of [-1, 1]) {
        expect(lightness(diverging(sign * nearer))).toBeGreaterThan(lightness(diverging(sign * farther)));
      }
    }
    expect(diverging(7)).toEqual(above);
  });
});
