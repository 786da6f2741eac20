import { csvText } from '../core/csv-line.ts';
import { readCsv } from '../core/csv-records.ts';
import { type ErrorData, EvopatchError } from '../core/errors.ts';
import { POINT_COUNT } from './mean-shape.ts';

/** The 68 points of every face of a data set, from a points file. */
export interface FacePoints {
  /** The points file. */
  readonly file: string;
  /** What identifies a face: its row in the data csv (from 0, without the header) or its image file. */
  readonly key: 'row' | 'file';
  /** x0, y0, …, x67, y67 of each face in pixels of its image; NaN for an empty field. */
  readonly faces: ReadonlyMap<string, Float32Array>;
}

interface Layout {
  readonly key: 'row' | 'file';
  /** Index of the column of the first coordinate. */
  readonly start: number;
  /** Index of the column of the detector's confidence, if there is one. */
  readonly score: number;
}

/** Names of the columns of the coordinates. */
export const COORDINATES = Array.from({ length: POINT_COUNT }, (_, i) => [`x${i}`, `y${i}`]).flat();
/** Faces that share one buffer: separate buffers would double the memory. */
const POOLED_FACES = 256;
const FORMS = 'The header is row,x0,y0,…,x67,y67 or file,[face,score,]x0,y0,…,x67,y67.';

/**
 * Reads a points csv, plain or gzipped, in one of two forms: `row,x0,y0,…,x67,y67`, where `row` counts the rows of the data csv
 * from 0; or `file,[face,score,]x0,y0,…,x67,y67`, where `file` is an image relative to the data folder, with '/' between folders,
 * and coordinates are pixels of that image as displayed (after its EXIF orientation). If a file has several faces, the one with
 * the highest score counts; a face without a score ranks last. An empty coordinate is an unknown point.
 *
 * @throws EvopatchError `INVALID_DATA` with file, row and column; `FILE_SYSTEM`; `ABORTED`.
 */
export async function readPoints(file: string, signal?: AbortSignal): Promise<FacePoints> {
  const faces = new Map<string, Float32Array>();
  const scores = new Map<string, number>();
  let layout: Layout | undefined;
  let pool = new Float32Array(0);
  for await (const { fields, row } of readCsv(file, { signal })) {
    if (layout === undefined) {
      layout = readHeader(fields, file, row);
      continue;
    }
    const wanted = layout.start + COORDINATES.length;
    if (fields.length !== wanted) {
      const given = `${fields.length} columns`;
      throw invalid(`the row does not have ${wanted} columns`, { file, row, given, hint: FORMS });
    }
    const key = readKey(fields[0], layout, file, row);
    const score = readScore(fields[layout.score], file, row);
    const known = faces.get(key);
    if (known && layout.score < 0) {
      const hint = 'Keep one line for each face, or add the columns face and score.';
      throw invalid('given twice', { file, row, option: layout.key, given: key, hint });
    }
    if (known && scores.get(key)! >= score) continue;
    if (pool.length === 0) pool = new Float32Array(POOLED_FACES * COORDINATES.length);
    const points = known ?? pool.subarray(0, COORDINATES.length);
    if (!known) pool = pool.subarray(COORDINATES.length);
    readCoordinates(fields.slice(layout.start), points, file, row);
    faces.set(key, points);
    if (layout.score >= 0) scores.set(key, score);
  }
  if (layout === undefined) throw invalid('the file is empty', { file, hint: FORMS });
  if (faces.size === 0) throw invalid('no points below the header', { file, hint: FORMS });
  return { file, key: layout.key, faces };
}

/**
 * Finds the points of one face by the name that the points file uses.
 *
 * @param where the position of the face, for the error
 * @throws EvopatchError `INVALID_DATA` if the file does not have them.
 */
export function pointsOf(
  points: FacePoints,
  face: { row?: number; file?: string },
  where: ErrorData = { file: points.file },
): Float32Array {
  const key = face[points.key]?.toString();
  const data = { option: points.key, given: key, ...where };
  if (key === undefined) {
    const hint = 'Rows of pixels go with points by row, folders of images with points by file.';
    throw invalid(`${points.file} gives points by ${points.key}, which this face does not have`, {
      ...data,
      hint,
    });
  }
  const found = points.faces.get(key);
  if (found === undefined) {
    const hint = 'Every face needs a line; leave its coordinates empty if its points are unknown.';
    throw invalid(`${points.file} has no points for this face`, { ...data, hint });
  }
  return found;
}

function readHeader(fields: readonly string[], file: string, row: number): Layout {
  const [key] = fields;
  const scored = key === 'file' && fields[1] === 'face' && fields[2] === 'score';
  const start = scored ? 3 : 1;
  const misplaced = COORDINATES.findIndex((name, i) => fields[start + i] !== name);
  if ((key === 'row' || key === 'file') && misplaced < 0 && fields.length === start + COORDINATES.length) {
    return { key, start, score: scored ? 2 : -1 };
  }
  const option = misplaced < 0 ? undefined : COORDINATES[misplaced];
  throw invalid('not the header of a points file', { file, row, option, given: fields.join(), hint: FORMS });
}

function readKey(text: string, { key }: Layout, file: string, row: number): string {
  if (key === 'row' ? !/^\d{1,15}$/.test(text) : text === '') {
    const hint = key === 'row' ? 'Rows count from 0.' : 'Give the image relative to the data folder.';
    throw invalid(`not a ${key}`, { file, row, option: key, given: text, hint });
  }
  return key === 'row' ? String(Number(text)) : csvText(text);
}

function readScore(text: string | undefined, file: string, row: number): number {
  return text === undefined || text === '' ? Number.NEGATIVE_INFINITY : readNumber(text, 'score', file, row);
}

function readCoordinates(fields: readonly string[], points: Float32Array, file: string, row: number): void {
  for (const [i, text] of fields.entries()) {
    points[i] = text === '' ? Number.NaN : readNumber(text, COORDINATES[i], file, row);
  }
}

function readNumber(text: string, option: string, file: string, row: number): number {
  const value = text === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw invalid('not a number', { file, row, option, given: text, hint: 'Use a decimal point and no unit.' });
}

function invalid(problem: string, data: ErrorData): EvopatchError {
  return new EvopatchError('INVALID_DATA', problem, data);
}
