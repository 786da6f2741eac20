import { readFileSync } from 'node:fs';
import { loadCanvas, packageResolve } from '../core/packages.ts';

/**
 * Inter (SIL Open Font License) makes text equal on every machine. Each part holds the characters of some scripts; others,
 * such as Chinese or Arabic, use the fonts of the system, and appear as boxes if it has none.
 */
const PARTS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese'] as const;
const WEIGHTS = [400, 600] as const;

/** Font families for files that carry no font of their own, such as an SVG. */
export const FONT_NAMES = 'Inter, sans-serif';

let families: string | undefined;

/** Returns the font families of a canvas, as CSS. Registers the font when first called. */
export function canvasFontFamilies(): string {
  families ??= registerFonts();
  return families;
}

/** Registers each part under its own name, because a canvas looks for a character in one file per family. */
function registerFonts(): string {
  const { GlobalFonts } = loadCanvas();
  for (const part of PARTS) {
    for (const weight of WEIGHTS) GlobalFonts.registerFromPath(fileOf(part, weight), `Inter ${part}`);
  }
  return [...PARTS.map((part) => `"Inter ${part}"`), 'sans-serif'].join(', ');
}

/** Returns the CSS rules that embed Inter's Latin letters in an HTML page, so that it loads nothing. */
export function fontFaces(): string {
  return WEIGHTS.map((weight) => {
    const data = readFileSync(fileOf('latin', weight)).toString('base64');
    return `@font-face { font-family: Inter; font-weight: ${weight}; src: url(data:font/woff2;base64,${data}) format("woff2"); }`;
  }).join('\n');
}

function fileOf(part: (typeof PARTS)[number], weight: (typeof WEIGHTS)[number]): string {
  return packageResolve(`@fontsource/inter/files/inter-${part}-${weight}-normal.woff2`);
}
