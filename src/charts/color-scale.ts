/** Red, green and blue, 0–255. */
export type Color = readonly [red: number, green: number, blue: number];

/**
 * The colour at a share of the way along a scale, between two of its stops in proportion; what lies outside 0–1 counts
 * as the nearer end.
 *
 * @param stops 0xrrggbb at 0, 1/(n−1), …, 1
 */
export function colorAlong(stops: readonly number[], share: number): Color {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const lower = Math.min(Math.floor(place), stops.length - 2);
  const channel = (shift: number) => {
    const from = (stops[lower] >> shift) & 0xff;
    const to = (stops[lower + 1] >> shift) & 0xff;
    return Math.round(from + (to - from) * (place - lower));
  };
  return [channel(16), channel(8), channel(0)];
}

/** As in `#fde725`. */
export function hexOf([red, green, blue]: Color): string {
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`;
}
