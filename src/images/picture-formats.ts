/** A format of picture files. */
export interface PictureFormat {
  readonly name: string;
  /** File name extensions, lower case, without the dot. */
  readonly endings: readonly string[];
  /** Tests whether the first bytes of a file, or all bytes of a short one, have the format. */
  readonly matches: (start: Uint8Array) => boolean;
}

/** Bytes of a file that may name its brands. */
const MAX_BRANDS_END = 256;

/** All formats that evopatch can read; it reads the first picture of animations and of several pages. */
export const PICTURE_FORMATS = [
  { name: 'JPEG', endings: ['jpg', 'jpeg', 'jpe', 'jfif'], matches: begins('\xff\xd8\xff') },
  { name: 'PNG', endings: ['png', 'apng'], matches: begins('\x89PNG\r\n\x1a\n') },
  { name: 'WebP', endings: ['webp'], matches: (start) => isAt(start, 0, 'RIFF') && isAt(start, 8, 'WEBP') },
  { name: 'GIF', endings: ['gif'], matches: begins('GIF87a', 'GIF89a') },
  { name: 'TIFF', endings: ['tif', 'tiff'], matches: (start) => isTiff(start) && !isAt(start, 8, 'CR') },
  { name: 'AVIF', endings: ['avif'], matches: hasBrand('avif', 'avis') },
  {
    name: 'BMP',
    endings: ['bmp', 'dib'],
    matches: (start) => isAt(start, 0, 'BM') && isAt(start, 6, '\0\0\0\0'),
  },
  {
    name: 'PGM or PPM',
    endings: ['pgm', 'ppm', 'pnm'],
    matches: (start) => /^P[2356][\s#]/.test(Buffer.from(start.subarray(0, 3)).toString('latin1')),
  },
] as const satisfies readonly PictureFormat[];

export type FormatName = (typeof PICTURE_FORMATS)[number]['name'];

/** Common formats that evopatch cannot read, with advice. The first match counts. */
const OTHER_FORMATS: readonly (Omit<PictureFormat, 'endings'> & { readonly advice: string })[] = [
  {
    name: 'HEIC',
    matches: hasBrand('heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'),
    advice: 'Convert it to JPEG.',
  },
  { name: 'video', matches: (start) => isAt(start, 4, 'ftyp'), advice: 'Save its frames as pictures.' },
  { name: 'JPEG XL', matches: begins('\xff\x0a', '\0\0\0\x0cJXL '), advice: 'Convert it to JPEG or PNG.' },
  { name: 'JPEG 2000', matches: begins('\xff\x4f\xff\x51', '\0\0\0\x0cjP  '), advice: 'Convert it to PNG.' },
  {
    name: 'camera raw',
    matches: (start) => isTiff(start) || begins('IIRO', 'IIRS', 'IIU\0', 'FUJIFILMCCD-RAW')(start),
    advice: 'Develop it to JPEG.',
  },
  { name: 'Photoshop', matches: begins('8BPS'), advice: 'Save it as PNG.' },
  { name: 'SVG', matches: begins('<svg', '<?xml'), advice: 'Save it as PNG.' },
  { name: 'PDF', matches: begins('%PDF'), advice: 'Save its pages as PNG.' },
];

/** The names of the formats in a sentence: 'JPEG, PNG, … or PPM'. */
export const PICTURE_FORMAT_NAMES = PICTURE_FORMATS.map(({ name }) => name)
  .join(', ')
  .replace(' or ', ', ')
  .replace(/, (?=[^,]*$)/, ' or ');

/** Matches the file name of a picture that can be read. */
export const PICTURE_NAME = new RegExp(
  `\\.(${PICTURE_FORMATS.flatMap(({ endings }) => endings).join('|')})$`,
  'i',
);

/** Recognises the format of a file that can be read by its first bytes. */
export function pictureFormat(start: Uint8Array): FormatName | undefined {
  return PICTURE_FORMATS.find(({ matches }) => matches(start))?.name;
}

/** Advises what to do with a file that cannot be read, by its first bytes. */
export function adviceFor(start: Uint8Array): { readonly name: string; readonly advice: string } | undefined {
  return OTHER_FORMATS.find(({ matches }) => matches(start));
}

function begins(...magics: readonly string[]): (start: Uint8Array) => boolean {
  return (start) => magics.some((magic) => isAt(start, 0, magic));
}

/** Tests whether the bytes at an offset are the code units of a text. */
function isAt(start: Uint8Array, offset: number, text: string): boolean {
  return Buffer.from(start.subarray(offset, offset + text.length)).equals(Buffer.from(text, 'latin1'));
}

/** Recognises TIFF and BigTIFF in both byte orders. */
function isTiff(start: Uint8Array): boolean {
  return begins('II*\0', 'MM\0*', 'II+\0', 'MM\0+')(start);
}

/** Tests whether a file of the ISO base media format (ISO/IEC 14496-12, section 4.3) names one of these brands. */
function hasBrand(...brands: readonly string[]): (start: Uint8Array) => boolean {
  return (start) => {
    if (!isAt(start, 4, 'ftyp')) return false;
    const end = Math.min(Buffer.from(start.subarray(0, 4)).readUInt32BE(), start.length, MAX_BRANDS_END);
    const named = Buffer.from(start.subarray(0, end)).toString('latin1');
    const offsets = [8, ...Array.from({ length: Math.floor(end / 4) }, (_, i) => 4 * i).slice(4)];
    return offsets.some((offset) => brands.includes(named.slice(offset, offset + 4)));
  };
}
