/** Red, green and blue, 0–255. */
export type Color = readonly [red: number, green: number, blue: number];

/**
 * Viridis at 0, 1/15, …, 1: a colour scale whose lightness climbs evenly and that the colour-blind can read (van der
 * Walt & Smith 2015, "A better default colormap for matplotlib"; dedicated to the public domain, CC0).
 */
const STOPS = [
  0x440154, 0x481a6c, 0x472f7d, 0x414487, 0x39568c, 0x31688e, 0x2a788e, 0x23888e, 0x1f988b, 0x22a884,
  0x35b779, 0x54c568, 0x7ad151, 0xa5db36, 0xd2e21b, 0xfde725,
] as const;

/** The colour of a share; what lies outside 0–1 counts as the nearer end. */
export function viridis(share: number): Color {
  const place = Math.min(Math.max(share, 0), 1) * (STOPS.length - 1);
  const lower = Math.min(Math.floor(place), STOPS.length - 2);
  const channel = (shift: number) => {
    const [from, to] = [STOPS[lower], STOPS[lower + 1]].map((stop) => (stop >> shift) & 0xff);
    return Math.round(from + (to - from) * (place - lower));
  };
  return [channel(16), channel(8), channel(0)];
}
