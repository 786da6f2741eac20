/** A format of pictures that can be read. */
export interface PictureFormat {
  readonly name: string;
  /** Endings of file names, lower case, without the dot. */
  readonly endings: readonly string[];
  /** The first bytes of a file; −1 stands for any byte. */
  readonly magic: readonly (readonly number[])[];
}

const bytesOf = (text: string) => [...Buffer.from(text, 'latin1')];
const ANY_4 = [-1, -1, -1, -1];

/** All formats of pictures that can be read, wherever pictures are taken; of animated ones the first picture. */
export const PICTURE_FORMATS: readonly PictureFormat[] = [
  { name: 'JPEG', endings: ['jpg', 'jpeg', 'jpe', 'jfif'], magic: [[0xff, 0xd8, 0xff]] },
  { name: 'PNG', endings: ['png', 'apng'], magic: [[0x89, ...bytesOf('PNG\r\n\x1a\n')]] },
  { name: 'WebP', endings: ['webp'], magic: [[...bytesOf('RIFF'), ...ANY_4, ...bytesOf('WEBP')]] },
  { name: 'GIF', endings: ['gif'], magic: [bytesOf('GIF87a'), bytesOf('GIF89a')] },
  { name: 'TIFF', endings: ['tif', 'tiff'], magic: [bytesOf('II*\0'), bytesOf('MM\0*')] },
  {
    name: 'AVIF',
    endings: ['avif'],
    magic: [
      [...ANY_4, ...bytesOf('ftypavif')],
      [...ANY_4, ...bytesOf('ftypavis')],
    ],
  },
];

/** The formats' names in a sentence: 'JPEG, PNG, … or AVIF'. */
export const PICTURE_FORMAT_NAMES = PICTURE_FORMATS.map(({ name }) => name)
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');

/** What the name of a picture that can be read ends in. */
export const PICTURE_NAME = new RegExp(
  `\\.(${PICTURE_FORMATS.flatMap(({ endings }) => endings).join('|')})$`,
  'i',
);
