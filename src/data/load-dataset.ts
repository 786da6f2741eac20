import { stat } from 'node:fs/promises';
import { readLines } from '../core/byte-lines.ts';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import type { Dataset } from './dataset.ts';
import { loadFer2013 } from './fer2013.ts';
import { loadImageFolder } from './image-folder.ts';
import type { LoadOptions } from './load-options.ts';
import { loadManifest } from './manifest.ts';
import { syntheticFaces } from './synthetic/index.ts';

const SYNTHETIC = /^synthetic(?::(.*))?$/;
const DEFAULT_SYNTHETIC_COUNT = 2000;
const LONGEST_HEADER = 1 << 16;

/**
 * Loads a data set, whatever form it has: the csv of FER2013 or a manifest csv (told apart by their headers; plain or
 * gzipped), a folder of images, or `synthetic` or `synthetic:COUNT` for drawn faces.
 *
 * @throws EvopatchError `INVALID_DATA`, `INVALID_IMAGE` or `FILE_SYSTEM` for what is wrong with the files;
 * `INVALID_OPTION` for an impossible count or points for drawn faces; `ABORTED`.
 */
export async function loadDataset(source: string, options: LoadOptions = {}): Promise<Dataset> {
  const synthetic = SYNTHETIC.exec(source);
  if (synthetic) return drawFaces(source, synthetic[1], options);
  const found = await stat(source).catch((cause) => {
    throw fileSystemError('cannot read the data', source, cause);
  });
  if (found.isDirectory()) return await loadImageFolder(source, options);
  const columns = await readColumns(source, options.signal);
  if (columns.includes('pixels')) return await loadFer2013(source, options);
  if (columns.includes('path')) return await loadManifest(source, options);
  const hint = 'A csv begins with emotion,pixels,Usage or with path,label[,subject][,split].';
  const data = { file: source, row: 1, given: columns.join(), hint };
  throw new EvopatchError('INVALID_DATA', 'not the header of a data set', data);
}

async function readColumns(file: string, signal: AbortSignal | undefined): Promise<string[]> {
  for await (const { bytes } of readLines(file, LONGEST_HEADER, signal)) {
    const text = new TextDecoder().decode(bytes);
    return text.split(',').map((name) => name.trim().replaceAll('"', ''));
  }
  const hint = 'Is the download complete?';
  throw new EvopatchError('INVALID_DATA', 'the file is empty', { file, hint });
}

function drawFaces(source: string, count: string | undefined, { points }: LoadOptions): Dataset {
  if (count !== undefined && !/^\d{1,9}$/.test(count)) {
    const hint = 'Write synthetic or synthetic:COUNT.';
    throw new EvopatchError('INVALID_OPTION', 'not a number of faces', {
      option: 'data',
      given: source,
      hint,
    });
  }
  if (points !== undefined) {
    const hint = 'Drawn faces bring their own points: leave the option out.';
    throw new EvopatchError('INVALID_OPTION', 'not for synthetic faces', {
      option: 'points',
      given: points,
      hint,
    });
  }
  return syntheticFaces({ count: count === undefined ? DEFAULT_SYNTHETIC_COUNT : Number(count) });
}
