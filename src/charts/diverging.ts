import { type Color, colorAlong } from './color-scale.ts';

/** Blue over white to orange: two hues that the colour-blind tell apart, as dark at both ends. */
const STOPS = [0x08427d, 0x3d82b8, 0x9cc4df, 0xf7f7f5, 0xf5b979, 0xcf6d15, 0x6b2c03] as const;

/** The colour of a signed share; what lies outside −1 (blue) to 1 (orange) counts as the nearer end. */
export function diverging(share: number): Color {
  return colorAlong(STOPS, (share + 1) / 2);
}
