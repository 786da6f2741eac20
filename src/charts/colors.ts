/** Colours of text and lines on white, and of secondary text. */
export const INK = '#1d1d1f';
export const FAINT = '#6e6e73';

/** Colours that colour-blind people can distinguish (Okabe & Ito 2008), ordered by contrast with grey. */
const PALETTE = ['#e69f00', '#0072b2', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#f0e442'];

/** Returns the colour of the n-th of several things, such as a genome's patches, from 0. */
export function colorOf(index: number): string {
  return PALETTE[index % PALETTE.length];
}

/** Red, green and blue, 0–255. */
export type Color = readonly [red: number, green: number, blue: number];

/** Formats a colour as in `#fde725`. */
export function hexOf([red, green, blue]: Color): string {
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`;
}

/**
 * Viridis at 0, 1/15, …, 1: a colour scale whose lightness rises evenly, so colour-blind people can read it (van der Walt
 * & Smith 2015, "A better default colormap for matplotlib"; dedicated to the public domain, CC0).
 */
const VIRIDIS = [
  0x440154, 0x481a6c, 0x472f7d, 0x414487, 0x39568c, 0x31688e, 0x2a788e, 0x23888e, 0x1f988b, 0x22a884,
  0x35b779, 0x54c568, 0x7ad151, 0xa5db36, 0xd2e21b, 0xfde725,
] as const;

/**
 * Magma, from black over violet to pale yellow, from the same source: every 17th of its 256 published colours;
 * interpolation reproduces the others within 3 of 255 levels.
 */
const MAGMA = [
  0x000004, 0x0b0924, 0x20114b, 0x3b0f70, 0x57157e, 0x721f81, 0x8c2981, 0xa8327d, 0xc43c75, 0xde4968,
  0xf1605d, 0xfa7f5e, 0xfe9f6d, 0xfebf84, 0xfddea0, 0xfcfdbf,
] as const;

/** Blue over white to orange: two hues that colour-blind people can distinguish, equally dark at both ends. */
const DIVERGING = [0x08427d, 0x3d82b8, 0x9cc4df, 0xf7f7f5, 0xf5b979, 0xcf6d15, 0x6b2c03] as const;

/** Returns the colour of a share, 0–1; values outside count as the nearer end. */
export function viridis(share: number): Color {
  return colorAlong(VIRIDIS, share);
}

/** Returns the colour of a share, 0–1; values outside count as the nearer end. */
export function magma(share: number): Color {
  return colorAlong(MAGMA, share);
}

/** Returns the colour of a signed share, −1 (blue) to 1 (orange); values outside count as the nearer end. */
export function diverging(share: number): Color {
  return colorAlong(DIVERGING, (share + 1) / 2);
}

/** Interpolates between stops 0xrrggbb that lie at 0, 1/(n−1), …, 1. */
function colorAlong(stops: readonly number[], share: number): Color {
  const position = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const lower = Math.min(Math.floor(position), stops.length - 2);
  const channel = (shift: number) => {
    const from = (stops[lower] >> shift) & 0xff;
    const to = (stops[lower + 1] >> shift) & 0xff;
    return Math.round(from + (to - from) * (position - lower));
  };
  return [channel(16), channel(8), channel(0)];
}
