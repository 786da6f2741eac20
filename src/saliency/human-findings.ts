import { type RegionShare, shareOf } from './region-shares.ts';

/** By which part of the face people recognise an expression. */
export interface HumanFinding {
  readonly expression: string;
  readonly by: 'eyes' | 'mouth';
  readonly source: string;
}

/** What a model looks at for one expression, beside what people do. */
export interface FindingCheck extends HumanFinding {
  /** The model's class of that expression. */
  readonly class: string;
  /** Share of the class's map on eyes and brows − that on the mouth, −1 to 1. */
  readonly contrast: number;
  /** The same, the mean over all classes of the model. */
  readonly meanContrast: number;
  /** Towards which part the class differs from the mean class by at least `MIN_DIFFERENCE`. */
  readonly verdict: 'agrees' | 'disagrees' | 'undecided';
}

const TILES =
  'Wegrzyn, Vogt, Kireclioglu, Schneider & Kissler 2017, Mapping the emotional face, PLOS ONE 12(5) e0177239';

/**
 * Faces behind 48 tiles that were taken away one by one until a person knew the expression: the difference between eyes
 * and mouth orders the expressions from sadness and fear, known by the eyes, to disgust and happiness, by the mouth.
 */
export const HUMAN_FINDINGS: readonly HumanFinding[] = [
  { expression: 'sad', by: 'eyes', source: TILES },
  { expression: 'fear', by: 'eyes', source: TILES },
  { expression: 'disgust', by: 'mouth', source: TILES },
  { expression: 'happy', by: 'mouth', source: TILES },
];

/** Differences of shares below this one decide nothing. */
export const MIN_DIFFERENCE = 0.05;

/** Names that data sets give the expressions, in lower case. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  sad: ['sad', 'sadness'],
  fear: ['fear', 'fearful', 'afraid', 'scared'],
  disgust: ['disgust', 'disgusted'],
  happy: ['happy', 'happiness', 'joy'],
};

/**
 * Whether a model looks where people do. Like the study it compares the expressions with each other: a finding is agreed
 * with where the class's contrast of eyes (with brows) against mouth differs from the mean over the classes towards the
 * same part, by at least five points of the map's mass; so a model that sees more of the eyes in every class does not
 * agree by that alone. Findings about expressions that the model has no class of are left out.
 *
 * @param classes region shares of each class's map; a class without a map (`null`) does not count
 */
export function checkHumanFindings(
  classes: readonly { readonly class: string; readonly shares: readonly RegionShare[] | null }[],
): readonly FindingCheck[] {
  const contrasts = classes.flatMap(({ class: name, shares }) =>
    shares === null ? [] : [{ name, contrast: shareOf(shares, 'eyes', 'brows') - shareOf(shares, 'mouth') }],
  );
  const meanContrast = contrasts.reduce((sum, { contrast }) => sum + contrast, 0) / contrasts.length;
  return HUMAN_FINDINGS.flatMap((finding): FindingCheck[] => {
    const found = contrasts.find(({ name }) => NAMES[finding.expression].includes(name.toLowerCase()));
    if (found === undefined) return [];
    const towards = (found.contrast - meanContrast) * (finding.by === 'eyes' ? 1 : -1);
    const decided = towards > 0 ? 'agrees' : 'disagrees';
    const verdict = Math.abs(towards) < MIN_DIFFERENCE ? 'undecided' : decided;
    return [{ ...finding, class: found.name, contrast: found.contrast, meanContrast, verdict }];
  });
}
