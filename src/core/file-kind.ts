import { isUtf8 } from 'node:buffer';

/** The kind of a file, in words. */
export interface FileKind {
  /** With its article, as 'a zip archive'. */
  readonly name: string;
  /** What to do with it, as a sentence. */
  readonly hint: string;
}

/** Bytes at the start of a file that identify its kind. */
export const KIND_BYTES = 512;

const UNPACK = 'Unpack it first and give its content.';
const EXPORT = 'Export it as csv (comma-separated values) first.';
const PICTURE = 'Give its folder, or a csv that lists it.';

type Signature = readonly [magic: string, name: string, hint: string, offset?: number];

/** First bytes as ISO 8859-1; the first match counts. */
const SIGNATURES: readonly Signature[] = [
  ...['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'].map(
    (magic): Signature => [magic, 'a Python pickle', EXPORT],
  ),
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive', UNPACK],
  ['Rar!\x1a\x07', 'a rar archive', UNPACK],
  ['ustar', 'a tar archive', UNPACK, 257],
  ['\x1f\x8b', 'a gzip archive', UNPACK],
  ['BZh', 'a bzip2 archive', UNPACK],
  ['\xfd7zXZ\0', 'an xz archive', UNPACK],
  ['\x28\xb5\x2f\xfd', 'a zstd archive', UNPACK],
  ['\x04\x22\x4d\x18', 'an lz4 archive', UNPACK],
  ['PAR1', 'a Parquet file', EXPORT],
  ['ARROW1', 'an Arrow file', EXPORT],
  ['\x89HDF\r\n\x1a\n', 'an HDF5 file', EXPORT],
  ['MATLAB 5.0', 'a MATLAB file', EXPORT],
  ['\x93NUMPY', 'a NumPy array', EXPORT],
  ['SQLite format 3\0', 'an SQLite database', EXPORT],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an old Office document', EXPORT],
  ['%PDF-', 'a PDF document', EXPORT],
  ['\x89PNG', 'a PNG picture', PICTURE],
  ['\xff\xd8\xff', 'a JPEG picture', PICTURE],
  ['GIF8', 'a GIF picture', PICTURE],
  ['WEBP', 'a WebP picture', PICTURE, 8],
  ['II*\0', 'a TIFF picture', PICTURE],
  ['MM\0*', 'a TIFF picture', PICTURE],
];

const ZIP_STARTS = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'];

/** Kinds of zip archives by the name of their first member. */
const ZIPS: readonly (readonly [member: RegExp, name: string, hint: string])[] = [
  [/^(\[Content_Types\]|xl\/|_rels\/|docProps\/)/, 'an Excel workbook or other Office document', EXPORT],
  [/\.npy$/, 'a NumPy archive', EXPORT],
  [/\/(data\.pkl|byteorder)$/, 'a PyTorch file', EXPORT],
];

/** Texts that cannot begin a csv. */
const TEXTS: readonly (readonly [start: RegExp, name: string, hint: string])[] = [
  [
    /^(<!doctype html|<html|<head)/i,
    'a web page (HTML)',
    'Was a login page saved in place of the file? Fetch it again.',
  ],
  [/^<\?xml/i, 'an XML file', EXPORT],
  [/^version https:\/\/git-lfs/, 'a pointer of Git LFS', "Fetch the file itself: 'git lfs pull'."],
  [/^(\{\s*["}]|\[\s*[[{"\d\]-])/, 'a JSON file', EXPORT],
];

/**
 * Recognises the kind of a file by its first bytes, not its name: an archive, a file of another program, a picture, a web page,
 * JSON. `undefined` for other content, such as a csv.
 *
 * @param start the first 512 bytes, fewer if the file is shorter
 */
export function fileKind(start: Uint8Array): FileKind | undefined {
  return binaryKind(start) ?? textKind(start);
}

/** Recognises only kinds that are not text. */
export function binaryKind(start: Uint8Array): FileKind | undefined {
  const head = Buffer.from(start.subarray(0, KIND_BYTES)).toString('latin1');
  if (ZIP_STARTS.some((start) => head.startsWith(start))) return zipKind(head);
  const found = SIGNATURES.find(([magic, , , offset = 0]) => head.startsWith(magic, offset));
  return found && { name: found[1], hint: found[2] };
}

/** Tests whether the first bytes of a file may begin a text in UTF-8. */
export function isText(start: Uint8Array): boolean {
  const head = start.subarray(0, KIND_BYTES);
  return !head.includes(0) && [0, 1, 2, 3].some((cut) => isUtf8(head.subarray(0, head.length - cut)));
}

function zipKind(head: string): FileKind {
  const nameLength = head.charCodeAt(26) + 256 * head.charCodeAt(27);
  const member = head.slice(30, 30 + nameLength);
  const found = ZIPS.find(([pattern]) => pattern.test(member));
  return found ? { name: found[1], hint: found[2] } : { name: 'a zip archive', hint: UNPACK };
}

function textKind(start: Uint8Array): FileKind | undefined {
  const head = Buffer.from(start.subarray(0, KIND_BYTES))
    .toString('utf8')
    .replace(/^\uFEFF?\s*/, '');
  const found = TEXTS.find(([pattern]) => pattern.test(head));
  return found && { name: found[1], hint: found[2] };
}
