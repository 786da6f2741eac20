import { checkRunFolder } from '../evolution/run-folder.ts';
import { beginsWith } from '../images/image-file.ts';
import { COORDINATES } from '../landmarks/points-file.ts';
import { ENSEMBLE_FORMAT } from '../nn/sealed-file.ts';
import { checkTrainingFolder } from '../training/training-folder.ts';

/** A form of file that a command writes. */
export interface FileForm {
  /** The endings of its names, in lower case. */
  readonly endings: readonly string[];
  /** Whether a file is one that this command wrote, by its first bytes, and by the same as text. */
  isOwn(head: Uint8Array, text: string): boolean;
}

/** What an option makes a command write. */
export type OutputSpec =
  /** One file. */
  | { readonly kind: 'file'; readonly forms: readonly FileForm[] }
  /** One picture of a photo or a data set, but a folder of pictures of several photos or a folder. */
  | { readonly kind: 'pictures'; readonly forms: readonly FileForm[] }
  /** A folder of the command's own. */
  | {
      readonly kind: 'folder';
      /** @throws EvopatchError where the folder may not be used; `force` allows files that are not in the way */
      check(folder: string, force: boolean): Promise<void>;
    }
  /** A folder that many commands add to; no two contents have the same name there. */
  | { readonly kind: 'shared folder' };

const PNG: FileForm = {
  endings: ['png'],
  isOwn: (head) => beginsWith(head, [0x89, 0x50, 0x4e, 0x47]),
};
const APNG: FileForm = { ...PNG, endings: ['apng'] };
const JPEG: FileForm = { endings: ['jpg', 'jpeg'], isOwn: (head) => beginsWith(head, [0xff, 0xd8, 0xff]) };
const GIF: FileForm = { endings: ['gif'], isOwn: (_, text) => /^GIF8[79]a/.test(text) };
const WEBP: FileForm = { endings: ['webp'], isOwn: (_, text) => /^RIFF.{4}WEBP/s.test(text) };
const SVG: FileForm = { endings: ['svg'], isOwn: (_, text) => text.startsWith('<svg xmlns=') };
const MAP_JSON: FileForm = {
  endings: ['json'],
  isOwn: (_, text) => /^\{"format":1,"(frame|settledAt)":/.test(text),
};
const MAP_CSV: FileForm = {
  endings: ['csv'],
  isOwn: (_, text) => text.startsWith('generation,genomes,spearmanWithLast,') || isGrid(text),
};
const POINTS_CSV: FileForm = {
  endings: ['csv'],
  isOwn: (_, text) =>
    [['row'], ['file', 'face', 'score']].some((key) =>
      text.startsWith(`${[...key, ...COORDINATES].join()}\n`),
    ),
};
const REPORT_HTML: FileForm = {
  endings: ['html', 'htm'],
  isOwn: (_, text) => text.includes('<meta name="generator" content="evopatch">'),
};
const ENSEMBLE_FILE: FileForm = {
  endings: ['safetensors'],
  isOwn: (_, text) =>
    text.startsWith('{"__metadata__":', 8) && text.includes(`"format":"${ENSEMBLE_FORMAT}"`),
};

export const POINTS: OutputSpec = { kind: 'file', forms: [POINTS_CSV] };
export const REPORT: OutputSpec = { kind: 'file', forms: [REPORT_HTML] };
export const ENSEMBLE: OutputSpec = { kind: 'file', forms: [ENSEMBLE_FILE] };
export const MAP: OutputSpec = { kind: 'file', forms: [PNG, SVG, MAP_CSV, MAP_JSON, APNG, GIF] };
export const SALIENCY: OutputSpec = { kind: 'pictures', forms: [PNG, SVG] };
export const DRAWINGS: OutputSpec = { kind: 'pictures', forms: [PNG, JPEG, WEBP, GIF, APNG] };
export const RUN_FOLDER: OutputSpec = { kind: 'folder', check: checkRunFolder };
export const TRAINING_FOLDER: OutputSpec = { kind: 'folder', check: checkTrainingFolder };
export const CACHE: OutputSpec = { kind: 'shared folder' };

/** Whether text begins with rows of numbers that are as long as there may be rows. */
function isGrid(text: string): boolean {
  const [first, ...others] = text.split('\n').slice(0, -1);
  const columns = first?.split(',').length ?? 0;
  const isRow = (line: string) => /^[\d.e,-]+$/.test(line) && line.split(',').length === columns;
  return columns > 1 && isRow(first) && others.length < columns && others.every(isRow);
}
