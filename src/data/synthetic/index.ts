import { EvopatchError } from '../../core/errors.ts';
import { type RandomStream, randomStream } from '../../core/random.ts';
import { ALIGNMENTS, type AlignmentMethod } from '../../landmarks/alignment.ts';
import type { Dataset, Split } from '../dataset.ts';
import { DatasetBuilder, type FaceRecord } from '../dataset-builder.ts';
import { drawActivation, EXPRESSIONS } from './action-units.ts';
import { drawConditions, PICTURE_SIZE } from './conditions.ts';
import { drawIdentity } from './identity.ts';
import { renderFace } from './render.ts';

export { EXPRESSIONS, type Expression } from './action-units.ts';
export { type SyntheticDifferences, syntheticDifferenceMap, syntheticDifferences } from './difference-map.ts';

export interface SyntheticOptions {
  /** Number of faces, 35 to 1,000,000. */
  readonly count: number;
  /** Faces with equal seeds are the same for any count. */
  readonly seed?: string;
  /** How the faces are aligned to their frames, by their true landmarks. @defaultValue 'similarity' */
  readonly align?: AlignmentMethod;
}

const MIN_FACES = 5 * EXPRESSIONS.length; // five people: three to train, one to validate, one to test
const MAX_FACES = 1_000_000; // their frames fill the 4 GiB of one array

/**
 * Draws faces with the seven expressions of FER2013 and their true landmarks. Each person shows every expression once, under
 * random conditions; 60 % of the people are for training, 20 % for validation, 20 % for the test. The same options give the same
 * bytes on every machine.
 *
 * @throws EvopatchError `INVALID_OPTION` if the count is not a whole number from 35 to 1,000,000, or for an unknown alignment.
 */
export function syntheticFaces({
  count,
  seed = 'synthetic',
  align = 'similarity',
}: SyntheticOptions): Dataset {
  if (!Number.isInteger(count) || count < MIN_FACES || count > MAX_FACES) {
    throw new EvopatchError('INVALID_OPTION', 'impossible number of synthetic faces', {
      option: 'count',
      given: count,
      hint: `Give a whole number from ${MIN_FACES} to ${MAX_FACES}.`,
    });
  }
  if (!ALIGNMENTS.includes(align)) {
    const hint = `Give one of ${ALIGNMENTS.join(', ')}.`;
    throw new EvopatchError('INVALID_OPTION', 'no such alignment', { option: 'align', given: align, hint });
  }
  const builder = new DatasetBuilder(`synthetic:${count}`, align);
  const subjects = Math.ceil(count / EXPRESSIONS.length);
  const splits = splitSubjects(subjects, randomStream(seed, 'splits'));
  for (let subject = 0, left = count; left > 0; subject++) {
    const person = randomStream(seed, 'person', subject);
    const identity = drawIdentity(person);
    for (const expression of person.shuffle(EXPRESSIONS).slice(0, left)) {
      const random = randomStream(seed, 'face', subject, expression);
      const activation = drawActivation(expression, random);
      const { pixels, landmarks } = renderFace(identity, activation, drawConditions(random, identity.skin));
      const record: FaceRecord = {
        image: { pixels, width: PICTURE_SIZE, height: PICTURE_SIZE },
        points: landmarks,
        label: EXPRESSIONS.indexOf(expression),
        split: splits[subject],
        subject,
      };
      builder.add(record, count);
      left--;
    }
  }
  return builder.build(EXPRESSIONS);
}

/** Assigns each person to a split. */
function splitSubjects(subjects: number, random: RandomStream): Split[] {
  const fifth = Math.floor(subjects / 5);
  const splits = Array.from({ length: subjects }, (_, i): Split => {
    if (i < fifth) return 'test';
    return i < 2 * fifth ? 'validation' : 'train';
  });
  return random.shuffle(splits);
}
