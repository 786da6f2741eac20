import { csvLine } from '../../core/csv-line.ts';
import type { FollowedFace } from '../../prediction/follow-faces.ts';
import { PREDICTION_COLUMNS } from '../outputs/output-forms.ts';
import type { PictureResult } from './predicted-photo.ts';

/** The columns of a csv of predictions. */
export interface CsvColumns {
  readonly classes: readonly string[];
  /** Classes of a further model. */
  readonly alsoClasses?: readonly string[];
  readonly attributes: boolean;
}

/** Writes the first line of a csv of predictions. */
export function csvHeader(columns: CsvColumns): string {
  return csvLine(columnNames(columns));
}

function columnNames({ classes, alsoClasses, attributes }: CsvColumns): string[] {
  return [
    ...PREDICTION_COLUMNS.split(',').filter((name) => name !== ''),
    ...classes.map((name) => `p_${name}`),
    ...['x', 'y', 'width', 'height', 'score', 'aligned', 'turned'],
    ...(alsoClasses === undefined ? [] : ['also', ...alsoClasses.map((name) => `also_p_${name}`)]),
    ...(attributes ? ['gender', 'gender_probability', 'age'] : []),
    'error',
  ];
}

/**
 * Writes the lines of a picture: one for each face, or one without a face where there is none or the picture cannot be read.
 * Faces are numbered from 1; a followed face has the same number in every frame. Photos have no frame number.
 */
export function csvLines(result: PictureResult, columns: CsvColumns): string {
  if ('error' in result) return faceless(result.error.file, '', columns, result.error.message);
  if ('photo' in result) return ofFaces(result.photo.file, '', result.photo.faces, result.followed, columns);
  const { file, frames } = result.animation;
  return frames.map(({ faces }, i) => ofFaces(file, i + 1, faces, true, columns)).join('');
}

function ofFaces(
  file: string,
  frame: number | '',
  faces: readonly FollowedFace[],
  followed: boolean,
  columns: CsvColumns,
): string {
  if (faces.length === 0) return faceless(file, frame, columns, '');
  const { classes, alsoClasses, attributes } = columns;
  const lines = faces.map((face, i) => {
    const { box, also } = face;
    return csvLine([
      ...[file, frame, followed ? face.id : i + 1, face.label, face.probability],
      ...classes.map((name) => face.probabilities[name]),
      ...[box.x, box.y, box.width, box.height, face.score, face.aligned ? 'yes' : 'no', face.turned ?? ''],
      ...(alsoClasses === undefined
        ? []
        : [also?.label ?? '', ...alsoClasses.map((name) => also?.probabilities[name] ?? '')]),
      ...(attributes
        ? [
            face.attributes?.gender ?? '',
            face.attributes?.genderProbability ?? '',
            face.attributes?.age ?? '',
          ]
        : []),
      '',
    ]);
  });
  return lines.join('');
}

function faceless(file: string, frame: number | '', columns: CsvColumns, error: string): string {
  const unknown = columnNames(columns).length - 3;
  return csvLine([file, frame, ...Array.from({ length: unknown }, () => ''), error]);
}
