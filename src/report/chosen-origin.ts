import type { ReportRun } from './report-data.ts';

/** How the chosen genome of a run relates to the front of its search. */
export type ChosenOrigin =
  | { readonly kind: 'on the front' | 'patches from the front'; readonly hash: string }
  | { readonly kind: 'elsewhere' };

/**
 * Finds the chosen genome on the front; or, since some finalists keep the patches of a member and get a deeper network, the
 * member with the same patches and the lowest loss; or neither.
 */
export function chosenOrigin({ best, front }: Pick<ReportRun, 'best' | 'front'>): ChosenOrigin {
  if (best === null) return { kind: 'elsewhere' };
  if (front.some(({ hash }) => hash === best.hash)) return { kind: 'on the front', hash: best.hash };
  const patches = JSON.stringify(best.genome.patches);
  const member = front
    .filter(({ genome }) => JSON.stringify(genome.patches) === patches)
    .toSorted((a, b) => a.loss - b.loss)[0];
  return member === undefined ? { kind: 'elsewhere' } : { kind: 'patches from the front', hash: member.hash };
}
