import { writeFileAtomic } from '../core/atomic-file.ts';
import { csvLine } from '../core/csv-line.ts';
import type { LocatedFace } from './landmark-detector.ts';
import { COORDINATES, type FacePoints } from './points-file.ts';

/** The faces of one picture of a data set. */
export interface PictureFaces {
  /** Its row in the data csv from 0, or its image file. */
  readonly name: number | string;
  /** The highest score first. */
  readonly faces: readonly Pick<LocatedFace, 'score' | 'points'>[];
}

/** The columns of the two forms, by what identifies a face. */
export const POINTS_COLUMNS = {
  row: ['row', ...COORDINATES],
  file: ['file', 'face', 'score', ...COORDINATES],
} as const;

/** Significant digits that distinguish any two numbers of 32 bits. */
const DIGITS = 9;

/**
 * Writes a points csv that `readPoints` reads back bit for bit: `row,x0,y0,…,x67,y67` with the first face of each row, or
 * `file,face,score,x0,y0,…,x67,y67` with all faces of each image, numbered from 0. A picture without a face has one line with
 * empty fields. The file appears only after all pictures are written; an error of their stream leaves no file.
 *
 * @throws EvopatchError `FILE_SYSTEM`, and what the stream throws.
 */
export async function writePoints(
  file: string,
  key: FacePoints['key'],
  pictures: AsyncIterable<PictureFaces>,
): Promise<void> {
  await writeFileAtomic(file, linesOf(key, pictures));
}

async function* linesOf(key: FacePoints['key'], pictures: AsyncIterable<PictureFaces>) {
  yield csvLine(POINTS_COLUMNS[key]);
  for await (const { name, faces } of pictures) {
    const lines = (faces.length > 0 ? faces : [undefined]).map((face, number) => {
      const labels = key === 'row' ? [] : face ? [number, rounded(face.score)] : ['', ''];
      const coordinates = face ? Array.from(face.points, rounded) : COORDINATES.map(() => '');
      return csvLine([name, ...labels, ...coordinates]);
    });
    yield key === 'row' ? lines[0] : lines.join('');
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
