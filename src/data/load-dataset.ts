import { stat } from 'node:fs/promises';
import { readLines, type TextOptions } from '../core/byte-lines.ts';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { isPipe } from '../core/pipe.ts';
import type { Dataset } from './dataset.ts';
import type { FaceSource } from './face-source.ts';
import { ferPlusSource, isFerPlus, pixelFileOf } from './ferplus.ts';
import { imageFolderSource } from './image-folder.ts';
import { type LoadOptions, type LoadSettings, parseLoadOptions } from './load-options.ts';
import { loadSource } from './load-source.ts';
import { manifestSource } from './manifest.ts';
import { isManifest } from './manifest-columns.ts';
import { pipedPixelCsvSource, pixelCsvSource } from './pixel-csv.ts';
import { isPixelCsv, readColumns } from './pixel-csv-header.ts';
import { MAX_PIXEL_LINE } from './pixel-values.ts';
import { selectClasses } from './select-classes.ts';
import { syntheticFaces } from './synthetic/index.ts';

const SYNTHETIC = /^synthetic(?::(.*))?$/;
const DEFAULT_SYNTHETIC_COUNT = 2000;

/**
 * Loads a data set in any of its formats: a csv of pixels such as FER2013's or a manifest csv (plain or gzipped; the header
 * distinguishes them), a folder of images, or `synthetic` or `synthetic:COUNT` for drawn faces.
 *
 * @throws EvopatchError `INVALID_DATA`, `INVALID_IMAGE` or `FILE_SYSTEM` for faults of the files; `INVALID_OPTION` for an invalid
 * option, a class without faces, an impossible count or points for drawn faces; `ABORTED`.
 */
export async function loadDataset(source: string, options: LoadOptions = {}): Promise<Dataset> {
  const settings = parseLoadOptions(options);
  if (isSynthetic(source)) return selectClasses(drawFaces(source, settings), settings);
  return await loadSource(await openSource(source, settings), settings);
}

/** Tests whether a source means drawn faces. */
export function isSynthetic(source: string): boolean {
  return SYNTHETIC.test(source);
}

type OpenOptions = TextOptions & Pick<LoadOptions, 'onBadImage' | 'onProgress'>;

/**
 * Opens a csv or a folder of labelled pictures.
 *
 * @param labelled whether to read the labels of a manifest; without them, the number of classes is not limited
 * @throws EvopatchError `INVALID_DATA`, `FILE_SYSTEM`, `ABORTED`.
 */
export async function openSource(
  path: string,
  { votes, ...options }: OpenOptions & Pick<LoadOptions, 'votes'> = {},
  labelled = true,
): Promise<FaceSource> {
  const source = await openFaces(path, options, labelled);
  if (votes === undefined) return source;
  if (source.key === 'row') return ferPlusSource(source, votes);
  const hint = 'Votes go with the csv of pixels of FER2013.';
  throw new EvopatchError('INVALID_OPTION', 'not for pictures in files', {
    option: 'votes',
    given: votes,
    hint,
  });
}

async function openFaces(path: string, options: OpenOptions, labelled = true): Promise<FaceSource> {
  if (isPipe(path)) return await pipedPixelCsvSource(path, options);
  const found = await stat(path).catch((cause) => {
    throw fileSystemError('cannot read the data', path, cause);
  });
  if (found.isDirectory()) return await imageFolderSource(path, options);
  const columns = await columnsOf(path, options);
  if (isPixelCsv(columns)) return pixelCsvSource(path, options);
  if (isFerPlus(columns)) return ferPlusSource(await openFaces(await pixelFileOf(path), options), path);
  if (isManifest(columns)) return await manifestSource(path, options, labelled);
  const hint = 'A csv begins with emotion,pixels[,Usage] or with path,label[,subject][,split].';
  const data = { file: path, row: 1, given: columns.join(), hint };
  throw new EvopatchError('INVALID_DATA', 'not the header of a data set', data);
}

async function columnsOf(file: string, options: TextOptions): Promise<string[]> {
  for await (const { bytes } of readLines(file, MAX_PIXEL_LINE, options)) return readColumns(bytes).columns;
  const hint = 'Is the download complete?';
  throw new EvopatchError('INVALID_DATA', 'the file is empty', { file, hint });
}

function drawFaces(source: string, { points, align }: LoadSettings): Dataset {
  const count = SYNTHETIC.exec(source)?.[1];
  if (count !== undefined && !/^\d{1,9}$/.test(count)) {
    const data = { option: 'data', given: source, hint: 'Write synthetic or synthetic:COUNT.' };
    throw new EvopatchError('INVALID_OPTION', 'not a number of faces', data);
  }
  if (points !== undefined) {
    const hint = 'Drawn faces bring their own points: leave the option out.';
    const data = { option: 'points', given: points, hint };
    throw new EvopatchError('INVALID_OPTION', 'not for synthetic faces', data);
  }
  return syntheticFaces({ count: count === undefined ? DEFAULT_SYNTHETIC_COUNT : Number(count), align });
}
