import { EvopatchError } from '../core/errors.ts';
import { requireTrainableClasses } from '../data/class-counts.ts';
import type { Dataset } from '../data/dataset.ts';
import type { SplitPair } from '../data/splits.ts';

/** Minimum training faces of a class if some are learned from and the others measured on. */
const MIN_DIVIDED = 2;

type Faces = Pick<Dataset, 'name' | 'classes' | 'labels' | 'splits' | 'subjects'>;

/** The indices of some samples, with a name for messages. */
interface NamedFaces {
  readonly indices: Uint32Array;
  readonly name: string;
}

/**
 * Refuses to train on too few faces.
 *
 * @param learned the faces to learn from
 * @param measured the faces of the validation split
 * @throws EvopatchError `INVALID_DATA` as `requireTrainableClasses`, and for validation faces of fewer than two classes.
 */
export function requireTrainingFaces(dataset: Faces, learned: Uint32Array, measured: Uint32Array): void {
  requireTrainableClasses(dataset);
  const hint = 'Add faces, or give more of them the splits train and validation';
  const validation = { indices: measured, name: 'validation faces' };
  requireBoth(dataset, { indices: learned, name: 'training faces' }, validation, hint);
}

/**
 * Refuses to divide too few training faces into faces to learn from and faces to measure on.
 *
 * @param training all training faces
 * @param parts the faces to learn from, and the faces to measure on
 * @throws EvopatchError `INVALID_DATA` for a class with a single training face, and for faces to measure on of fewer than two
 * classes.
 */
export function requireDividedFaces(dataset: Faces, training: Uint32Array, parts: SplitPair): void {
  requireTrainableClasses(dataset);
  const share = Math.round((100 * parts.first.length) / training.length);
  const hint = `The search learns from ${share} % of its ${training.length} training faces. Add training faces, or leave rare classes out with --classes`;
  const rare = dataset.classes.filter((_, label) => countsOf(dataset, training)[label] < MIN_DIVIDED);
  if (rare.length > 0) {
    const problem = `each class needs at least ${MIN_DIVIDED} training faces, some to learn from and some to measure on`;
    throw refusal(dataset, problem, [{ indices: training, name: 'training faces' }], hint);
  }
  const measured = { indices: parts.second, name: 'training faces to measure on' };
  requireBoth(dataset, { indices: parts.first, name: 'training faces to learn from' }, measured, hint);
}

function requireBoth(faces: Faces, learned: NamedFaces, measured: NamedFaces, usual: string): void {
  const { classes, subjects, labels } = faces;
  const people =
    subjects && new Set([...learned.indices, ...measured.indices].map((sample) => subjects[sample]));
  const refuse = (problem: string): never => {
    const hint =
      people === undefined || people.size > 3
        ? usual
        : `The faces of a person stay together, and there are ${people.size} people: add others, or leave the subjects out`;
    throw refusal(faces, problem, [learned, measured], hint);
  };
  const seen = countsOf(faces, learned.indices);
  const unseen = classes.filter((_, label) => seen[label] === 0);
  if (unseen.length > 0) refuse(`none of the ${learned.name} is of ${unseen.join(', ')}`);
  const present = new Set(Array.from(measured.indices, (sample) => classes[labels[sample]]));
  if (present.size === 0) refuse(`there are no ${measured.name}`);
  if (present.size === 1) refuse(`all ${measured.name} are of one class, '${[...present][0]}'`);
}

/** Makes an error with the faces of each class, as in `angry 8 + 2, happy 7 + 0 (training faces + validation faces)`. */
function refusal(faces: Faces, problem: string, parts: readonly NamedFaces[], hint: string): EvopatchError {
  const counts = parts.map(({ indices }) => countsOf(faces, indices));
  const perClass = faces.classes.map(
    (name, label) => `${name} ${counts.map((own) => own[label]).join(' + ')}`,
  );
  const given = `${perClass.join(', ')} (${parts.map(({ name }) => name).join(' + ')})`;
  return new EvopatchError('INVALID_DATA', `'${faces.name}' has too few faces: ${problem}`, { given, hint });
}

function countsOf({ classes, labels }: Faces, indices: Uint32Array): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const sample of indices) counts[labels[sample]]++;
  return counts;
}
