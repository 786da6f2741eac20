import { readFileSync } from 'node:fs';
import { loadCanvas, packageResolve } from '../core/packages.ts';

/**
 * Inter (SIL Open Font License), so that text is the same on every machine. Each part holds the characters of some
 * scripts; others, such as Chinese or Arabic, are written in what fonts the system has, and as boxes where it has none.
 */
const PARTS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese'] as const;
const WEIGHTS = [400, 600] as const;

/** Font families where only the system's fonts can be told, as in an SVG. */
export const FONT_NAMES = 'Inter, sans-serif';

let families: string | undefined;

/** The font families of a canvas, as CSS. Registers the font when first called. */
export function canvasFontFamilies(): string {
  families ??= registerFonts();
  return families;
}

/** One name a part: a canvas looks for a character in one family after the other, but in one file of each. */
function registerFonts(): string {
  const { GlobalFonts } = loadCanvas();
  for (const part of PARTS) {
    for (const weight of WEIGHTS) GlobalFonts.registerFromPath(fileOf(part, weight), `Inter ${part}`);
  }
  return [...PARTS.map((part) => `"Inter ${part}"`), 'sans-serif'].join(', ');
}

/** Rules that bring Inter's Latin letters, the most of a page's text, into an HTML page that loads nothing. */
export function fontFaces(): string {
  return WEIGHTS.map((weight) => {
    const data = readFileSync(fileOf('latin', weight)).toString('base64');
    return `@font-face { font-family: Inter; font-weight: ${weight}; src: url(data:font/woff2;base64,${data}) format("woff2"); }`;
  }).join('\n');
}

function fileOf(part: (typeof PARTS)[number], weight: (typeof WEIGHTS)[number]): string {
  return packageResolve(`@fontsource/inter/files/inter-${part}-${weight}-normal.woff2`);
}
