import { isMarked } from '../../charts/mark.ts';
import { csvLine } from '../../core/csv-line.ts';
import { readEnds } from '../../core/read-ends.ts';
import { POINTS_COLUMNS } from '../../landmarks/write-points.ts';
import { readMetadata } from '../../nn/model-metadata.ts';
import { ENSEMBLE_FORMAT } from '../../nn/sealed.ts';
import { checkRunFolder } from '../../run/run-folder.ts';
import { IMPORTED_FROM } from '../../tfjs/model-from-tfjs.ts';
import { checkTfjsFolder } from '../../tfjs/tfjs-folder.ts';
import { checkTrainingFolder } from '../../training/training-folder.ts';

/** The first columns in the csv of `predict`. */
export const PREDICTION_COLUMNS = 'file,frame,face,label,probability,';

/** A form of file that a command writes. */
export interface FileForm {
  /** The endings of its names, in lower case. */
  readonly endings: readonly string[];
  /** Tells by its content whether this command wrote a file. */
  isOwn(file: string): Promise<boolean>;
}

/** The output that an option names. */
export type OutputSpec =
  /** One file. */
  | {
      readonly kind: 'file';
      readonly forms: readonly FileForm[];
      /** Whether `-` stands for the standard output. */
      readonly toStandardOutput?: true;
    }
  /** One picture for a photo or a data set; a folder of pictures for several photos or a folder. */
  | { readonly kind: 'pictures'; readonly forms: readonly FileForm[] }
  /** A folder that belongs to the command. */
  | {
      readonly kind: 'folder';
      /** @throws EvopatchError where the folder may not be used. @param force whether to allow other files in it */
      check(folder: string, force: boolean): Promise<void>;
    }
  /** A folder that many commands add to, where different contents have different names. */
  | { readonly kind: 'shared folder' };

/** Makes a form of pictures that carry evopatch's mark. */
const picture = (start: RegExp, ...endings: string[]): FileForm => ({
  endings,
  isOwn: byEnds((text) => start.test(text) && isMarked(text)),
});
const PNG = picture(/^\x89PNG/, 'png');
const APNG = picture(/^\x89PNG/, 'apng');
const JPEG = picture(/^\xff\xd8\xff/, 'jpg', 'jpeg');
const GIF = picture(/^GIF8/, 'gif');
const WEBP = picture(/^RIFF.{4}WEBP/s, 'webp');
const SVG: FileForm = {
  endings: ['svg'],
  isOwn: byEnds((text) => text.startsWith('<svg xmlns=') && text.includes('data-generator="evopatch"')),
};
const MAP_JSON: FileForm = {
  endings: ['json'],
  isOwn: byEnds((text) => /^\{"format":1,"(frame|convergedAt)":/.test(text)),
};
const MAP_CSV: FileForm = {
  endings: ['csv'],
  isOwn: byEnds((text) => text.startsWith('generation,genomes,spearmanWithLast,') || isGrid(text)),
};
const POINTS_CSV: FileForm = {
  endings: ['csv'],
  isOwn: byEnds((text) => Object.values(POINTS_COLUMNS).some((columns) => text.startsWith(csvLine(columns)))),
};
const PREDICTIONS_CSV: FileForm = {
  endings: ['csv'],
  isOwn: byEnds((text) => text.startsWith(PREDICTION_COLUMNS)),
};
const REPORT_HTML: FileForm = {
  endings: ['html', 'htm'],
  isOwn: byEnds((text) => text.includes('<meta name="generator" content="evopatch">')),
};
const ENSEMBLE_FILE: FileForm = {
  endings: ['safetensors'],
  isOwn: async (file) => (await readMetadata(file))?.format === ENSEMBLE_FORMAT,
};

/** What `import` writes: it may not replace the models of trainings. */
const IMPORTED_MODEL: FileForm = {
  endings: ['safetensors'],
  isOwn: async (file) => {
    const info = (await readMetadata(file))?.info;
    return info?.includes(`"importedFrom":${JSON.stringify(IMPORTED_FROM)}`) === true;
  },
};

/** Protobuf: field 1, the version of the form, 8; field 2, the producer, 8 characters. */
const ONNX_FILE: FileForm = {
  endings: ['onnx'],
  isOwn: byEnds((text) => text.startsWith('\x08\x08\x12\x08evopatch')),
};

export const POINTS: OutputSpec = { kind: 'file', forms: [POINTS_CSV] };
export const PREDICTIONS: OutputSpec = { kind: 'file', forms: [PREDICTIONS_CSV], toStandardOutput: true };
export const REPORT: OutputSpec = { kind: 'file', forms: [REPORT_HTML] };
export const ENSEMBLE: OutputSpec = { kind: 'file', forms: [ENSEMBLE_FILE] };
export const ONNX: OutputSpec = { kind: 'file', forms: [ONNX_FILE] };
export const IMPORTED: OutputSpec = { kind: 'file', forms: [IMPORTED_MODEL] };
export const MAP: OutputSpec = { kind: 'file', forms: [PNG, SVG, MAP_CSV, MAP_JSON, APNG, GIF] };
/** Drawings of photos and animations. */
export const DRAWING_FORMS: readonly FileForm[] = [PNG, JPEG, WEBP, GIF, APNG];
export const SALIENCY_FORMS: readonly FileForm[] = [PNG, SVG];
export const SALIENCY: OutputSpec = { kind: 'pictures', forms: SALIENCY_FORMS };
export const DRAWINGS: OutputSpec = { kind: 'pictures', forms: DRAWING_FORMS };
export const RUN_FOLDER: OutputSpec = { kind: 'folder', check: checkRunFolder };
export const TRAINING_FOLDER: OutputSpec = { kind: 'folder', check: checkTrainingFolder };
export const TFJS_FOLDER: OutputSpec = { kind: 'folder', check: checkTfjsFolder };
export const CACHE: OutputSpec = { kind: 'shared folder' };

/** Tells whether text is a square of numbers, as the grid of a map is. */
function isGrid(text: string): boolean {
  const [first, ...others] = text.split('\n').slice(0, -1);
  const columns = first?.split(',').length ?? 0;
  const isRow = (line: string) => /^[\d.e,-]+$/.test(line) && line.split(',').length === columns;
  return columns > 1 && others.length === columns - 1 && [first, ...others].every(isRow);
}

/** Makes a test of a file by its first and last bytes as Latin-1. */
function byEnds(test: (text: string) => boolean): FileForm['isOwn'] {
  return async (file) => {
    const text = (await readEnds(file))?.toString('latin1');
    return text !== undefined && test(text);
  };
}
