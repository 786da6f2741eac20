import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TextOptions } from '../core/byte-lines.ts';
import { readCsv } from '../core/csv-records.ts';
import { type ErrorData, EvopatchError } from '../core/errors.ts';
import { contentHash } from '../core/hash.ts';
import { hashFile } from '../core/hash-file.ts';
import type { Split } from './dataset.ts';
import type { FaceSource, LabelledPicture, UnreadablePicture } from './face-source.ts';
import { splitOfName } from './split-names.ts';

/** The classes of FER+ in the order of its columns (Barsoum et al. 2016). */
export const FERPLUS_CLASSES = [
  'neutral',
  'happiness',
  'surprise',
  'sadness',
  'anger',
  'disgust',
  'fear',
  'contempt',
] as const;

/** Votes for no expression. */
const NEITHER = ['unknown', 'nf'];
const VOTED = [...FERPLUS_CLASSES, ...NEITHER];
const USAGE = 'usage';
/** Common names of the csv of FER2013. */
const PIXEL_FILES = ['fer2013.csv', 'fer2013.csv.gz', 'icml_face_data.csv', 'icml_face_data.csv.gz'];

interface Votes {
  /** Class of each row; `undefined` if the votes give none. */
  readonly labels: readonly (string | undefined)[];
  readonly splits: readonly (Split | undefined)[];
}

/** Tests whether the columns of a csv are the votes of FER+. */
export function isFerPlus(columns: readonly string[]): boolean {
  const names = columns.map((name) => name.toLowerCase());
  return VOTED.every((name) => names.includes(name));
}

/**
 * Gives the class of a face by its votes: drops single votes as slips and takes the class with more than half of the rest.
 * Returns `undefined` without such a class, or if it is 'unknown' or 'NF' (no face). This is the mode 'majority' of the code of
 * Barsoum et al. (2016), FERPlus, src/ferplus.py.
 *
 * @param votes for each of FER+'s classes, then for 'unknown' and 'NF'
 */
export function majorityOf(votes: readonly number[]): string | undefined {
  const counted = votes.map((count) => (count > 1 ? count : 0));
  const most = Math.max(...counted);
  const all = counted.reduce((sum, count) => sum + count, 0);
  return most > all / 2 ? FERPLUS_CLASSES[counted.indexOf(most)] : undefined;
}

/**
 * Finds the csv of FER2013 that belongs to a file of votes, in the same folder or the folder above.
 *
 * @throws EvopatchError `INVALID_DATA` if neither has it.
 */
export async function pixelFileOf(votesFile: string): Promise<string> {
  const folder = dirname(votesFile);
  for (const file of [folder, join(folder, '..')].flatMap((parent) =>
    PIXEL_FILES.map((name) => join(parent, name)),
  )) {
    if (
      await access(file)
        .then(() => true)
        .catch(() => false)
    )
      return file;
  }
  const hint = `Put ${PIXEL_FILES[0]} beside it, or give both: --data fer2013.csv --votes ${votesFile}.`;
  throw new EvopatchError('INVALID_DATA', 'votes of FER+ without their pixels', {
    file: votesFile,
    hint,
  });
}

/**
 * Labels the rows of a csv of pixels by the votes of FER+, as `majorityOf` does, and leaves out rows without a majority.
 *
 * @throws EvopatchError, from `pictures`, `INVALID_DATA` if the votes are damaged or belong to other pixels.
 */
export function ferPlusSource(pixels: FaceSource, votesFile: string): FaceSource {
  let leftOut = 0;
  async function* pictures(signal?: AbortSignal): AsyncGenerator<LabelledPicture | UnreadablePicture> {
    const { labels, splits } = await readVotes(votesFile, { signal });
    leftOut = 0;
    let rows = 0;
    for await (const picture of pixels.pictures(signal)) {
      const row = rows++;
      if ('error' in picture) {
        yield picture;
        continue;
      }
      if (row >= labels.length || (splits[row] ?? picture.split) !== picture.split) {
        throw notOfThese(votesFile, pixels.name, row + 2);
      }
      if (labels[row] === undefined) leftOut++;
      else yield { ...picture, label: labels[row] };
    }
    if (rows !== labels.length) throw notOfThese(votesFile, pixels.name, rows + 2);
  }
  const hashPixels = pixels.contentHash?.bind(pixels);
  return {
    name: pixels.name,
    classes: FERPLUS_CLASSES,
    key: 'row',
    pictures,
    get share() {
      return pixels.share;
    },
    get notes() {
      const problem = `${leftOut} rows left out, whose votes in ${votesFile} have no majority`;
      return [...(pixels.notes ?? []), ...(leftOut > 0 ? [problem] : [])];
    },
    contentHash:
      hashPixels &&
      (async (signal) =>
        contentHash({ pixels: await hashPixels(signal), ferPlus: await hashFile(votesFile, signal) })),
    pathOf: (file) => pixels.pathOf(file),
  };
}

async function readVotes(file: string, options: TextOptions): Promise<Votes> {
  let columns: readonly number[] | undefined;
  let usage = -1;
  const labels: (string | undefined)[] = [];
  const splits: (Split | undefined)[] = [];
  for await (const { fields, row } of readCsv(file, options)) {
    if (columns === undefined) {
      if (!isFerPlus(fields)) {
        const hint = `Its columns are Usage, Image name, ${VOTED.join(', ')}.`;
        throw invalid('not the votes of FER+', { file, row, given: fields.join(), hint });
      }
      const names = fields.map((name) => name.toLowerCase());
      columns = VOTED.map((name) => names.indexOf(name));
      usage = names.indexOf(USAGE);
      continue;
    }
    const votes = columns.map((column, i) => readCount(fields[column], VOTED[i], file, row));
    labels.push(majorityOf(votes));
    splits.push(usage < 0 ? undefined : splitOfName(fields[usage] ?? ''));
  }
  return { labels, splits };
}

function readCount(field: string | undefined, option: string, file: string, row: number): number {
  if (field !== undefined && /^\d{1,3}$/.test(field)) return Number(field);
  const hint = 'A vote is a whole number from 0.';
  throw invalid('not a number of votes', { file, row, option, given: field ?? 'nothing', hint });
}

function notOfThese(file: string, pixels: string, row: number): EvopatchError {
  const hint = 'Both files must have the same rows in the same order, as published.';
  return invalid(`the votes do not match the rows of ${pixels}`, { file, row, hint });
}

function invalid(problem: string, data: ErrorData): EvopatchError {
  return new EvopatchError('INVALID_DATA', problem, data);
}
