/**
 * A small alphabet of strokes, for machines without fonts. A glyph is a list of lines through points of two digits:
 * column, then row from below. The baseline is row 2, small letters reach row 6, capitals row 8, descenders row 0.
 */
const GLYPHS: Readonly<Record<string, string>> = {
  A: '022842 1535',
  B: '020838474635053544433202',
  C: '4738180703123243',
  D: '02083847433202',
  E: '48080242 0535',
  F: '480802 0535',
  G: '47381807031232434525',
  H: '0802 4842 0545',
  I: '0802',
  J: '3833221203',
  K: '0802 4804 1542',
  L: '080232',
  M: '0208254842',
  N: '02084248',
  O: '183847433212030718',
  P: '02083847463505',
  Q: '183847433212030718 2442',
  R: '02083847463505 2542',
  S: '473818070615354443321203',
  T: '0848 2822',
  U: '080312324348',
  V: '082248',
  W: '0812253248',
  X: '0842 0248',
  Y: '082548 2522',
  Z: '08480242',
  a: '3632 3526160503122233',
  b: '0802 0516263533221203',
  c: '3526160503122233',
  d: '3832 3526160503122233',
  e: '04343526160503122233',
  f: '281712 0626',
  g: '3631201001 3526160503122233',
  h: '0802 0516263532',
  i: '0602 0808',
  j: '161100 1818',
  k: '0802 3603 1432',
  l: '0802',
  m: '0602 05162522 25364542',
  n: '0602 0516263532',
  o: '162635332212030516',
  p: '0600 0516263533221203',
  q: '3630 3526160503122233',
  r: '0602 051626',
  s: '3526160533221203',
  t: '181322 0626',
  u: '0603122233 3632',
  v: '062246',
  w: '0612243246',
  x: '0632 0236',
  y: '0622 4610',
  z: '06360232',
  0: '183847433212030718',
  1: '172822 1232',
  2: '07183847460242',
  3: '084825354443321203',
  4: '32380444',
  5: '480805354443321203',
  6: '4738180703123243443505',
  7: '084812',
  8: '15060718384746351504031232434435',
  9: '0312324347381807061545',
  '.': '0202',
  ',': '1201',
  ':': '0202 0505',
  ';': '1201 1515',
  '-': '0525',
  '–': '0545',
  '−': '0545',
  '+': '0545 2723',
  '=': '0444 0646',
  '×': '0633 0336',
  '·': '0505',
  '%': '0248 0818170708 3343423233',
  '/': '0139',
  _: '0141',
  '(': '19070311',
  ')': '09171301',
  '[': '19090111',
  ']': '09191101',
  '!': '0804 0202',
  '?': '07182837362524 2222',
  "'": '0807',
  '"': '0807 2827',
  ' ': '',
};
const UNKNOWN = '0208383202';
const SPACE_WIDTH = 2;
const GAP = 2;
const BASELINE = 2;
/** Grid steps to the font size, as for a usual sans-serif: capitals are 0.72 of the size. */
const STEPS_PER_SIZE = 8.3;

type Point = readonly [x: number, y: number];

/** Width of a text of this size, the gap behind its last glyph left out. */
export function strokedWidth(text: string, size: number): number {
  const steps = Array.from(text, (character) => advanceOf(character)).reduce((sum, steps) => sum + steps, 0);
  return (Math.max(0, steps - GAP) * size) / STEPS_PER_SIZE;
}

/** The lines of a text that begins at x on the baseline y, in drawing coordinates (y downwards). */
export function strokesOf(text: string, x: number, y: number, size: number): Point[][] {
  const step = size / STEPS_PER_SIZE;
  const lines: Point[][] = [];
  let left = x;
  for (const character of text) {
    for (const stroke of strokesOfGlyph(character)) {
      lines.push(stroke.map(([column, row]) => [left + column * step, y - (row - BASELINE) * step]));
    }
    left += advanceOf(character) * step;
  }
  return lines;
}

function advanceOf(character: string): number {
  if (character === ' ') return SPACE_WIDTH + GAP;
  return Math.max(...strokesOfGlyph(character).flatMap((stroke) => stroke.map(([column]) => column))) + GAP;
}

function strokesOfGlyph(character: string): Point[][] {
  const strokes = (GLYPHS[character] ?? UNKNOWN).split(' ').filter((stroke) => stroke !== '');
  return strokes.map((stroke) =>
    Array.from(stroke.matchAll(/../g), ([[column, row]]): Point => [Number(column), Number(row)]),
  );
}
