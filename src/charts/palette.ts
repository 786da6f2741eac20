/** Colour of text and lines on white, and of what steps back. */
export const INK = '#1d1d1f';
export const FAINT = '#6e6e73';

/** Colours that the colour-blind can tell apart (Okabe & Ito 2008), those first that stand out from grey. */
const PALETTE = ['#e69f00', '#0072b2', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#f0e442'];

/** The colour of the n-th of several things, such as a genome's patches, from 0. */
export function colorOf(index: number): string {
  return PALETTE[index % PALETTE.length];
}
