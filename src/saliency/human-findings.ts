import { type RegionShare, shareOf } from './region-shares.ts';

/** Says by which part of the face people recognise an expression. */
export interface HumanFinding {
  readonly expression: string;
  readonly by: 'eyes' | 'mouth';
  readonly source: string;
}

/** Compares where a model looks for one expression with where people look. */
export interface FindingCheck extends HumanFinding {
  /** The model's class of that expression. */
  readonly class: string;
  /** Share of the class's map on eyes and brows minus the share on the mouth, −1 to 1. */
  readonly contrast: number;
  /** The mean contrast over all classes of the model. */
  readonly meanContrast: number;
  /** Whether the class differs from the mean towards the part that people use; undecided below `MIN_DIFFERENCE`. */
  readonly verdict: 'agrees' | 'disagrees' | 'undecided';
}

const TILES =
  'Wegrzyn, Vogt, Kireclioglu, Schneider & Kissler 2017, Mapping the emotional face, PLOS ONE 12(5) e0177239';

/**
 * The study hid faces behind 48 tiles and removed them one by one until a person recognised the expression. The contrast
 * between eyes and mouth orders the expressions from sadness and fear (eyes) to disgust and happiness (mouth).
 */
export const HUMAN_FINDINGS: readonly HumanFinding[] = [
  { expression: 'sad', by: 'eyes', source: TILES },
  { expression: 'fear', by: 'eyes', source: TILES },
  { expression: 'disgust', by: 'mouth', source: TILES },
  { expression: 'happy', by: 'mouth', source: TILES },
];

/** Smaller differences of shares leave the verdict undecided. */
export const MIN_DIFFERENCE = 0.05;

/** Names of the expressions in data sets, in lower case. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  sad: ['sad', 'sadness'],
  fear: ['fear', 'fearful', 'afraid', 'scared'],
  disgust: ['disgust', 'disgusted'],
  happy: ['happy', 'happiness', 'joy'],
};

/**
 * Checks whether a model looks where people do. Like the study, it compares expressions with each other: the model agrees
 * with a finding if the contrast of the class, eyes and brows against mouth, differs from the mean over the classes
 * towards the same part by at least 5 % of the map's mass. So a model that looks at the eyes in every class does not
 * agree by that alone. Findings about expressions without a class in the model are left out.
 *
 * @param classes region shares of each class's map; classes without a map (`null`) do not count
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
