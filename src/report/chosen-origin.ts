import type { ReportRun } from './report-data.ts';

/** Where the chosen genome of a run stands beside the front of its search. */
export type ChosenOrigin =
  | { readonly kind: 'on the front' | 'patches from the front'; readonly hash: string }
  | { readonly kind: 'elsewhere' };

/**
 * Whether the chosen genome is on the front itself; or, since some finalists keep the patches of a member of the front and get
 * a deeper network, which member has the same patches, the most exact one of several; or neither.
 */
export function chosenOrigin({ best, front }: Pick<ReportRun, 'best' | 'front'>): ChosenOrigin {
  if (best === null) return { kind: 'elsewhere' };
  if (front.some(({ hash }) => hash === best.hash)) return { kind: 'on the front', hash: best.hash };
  const patches = JSON.stringify(best.genome.patches);
  const giver = front
    .filter(({ genome }) => JSON.stringify(genome.patches) === patches)
    .toSorted((a, b) => a.loss - b.loss)[0];
  return giver === undefined ? { kind: 'elsewhere' } : { kind: 'patches from the front', hash: giver.hash };
}
