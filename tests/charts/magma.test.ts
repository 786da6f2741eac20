import { expect, test } from 'vitest';
import { magma } from '../../src/charts/magma.ts';

test('meets the published colours, also between its stops', () => {
  // Numbers 0, 64, 128, 192 and 255 of 256.
  const published = [0x000004, 0x51127c, 0xb73779, 0xfc8961, 0xfcfdbf];
  for (const [quarter, color] of published.entries()) {
    const found = magma(Math.min((64 * quarter) / 255, 1));
    for (const [channel, shift] of [16, 8, 0].entries()) {
      expect(Math.abs(found[channel] - ((color >> shift) & 0xff))).toBeLessThanOrEqual(3);
    }
  }
});

test('climbs in every step of its luminance', () => {
  const luminance = (share: number) => {
    const [red, green, blue] = magma(share).map((level) => (level / 255) ** 2.2);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  for (let percent = 1; percent <= 100; percent++) {
    expect(luminance(percent / 100)).toBeGreaterThan(luminance((percent - 1) / 100));
  }
});
