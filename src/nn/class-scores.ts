/** How well a network does on one class. A score with nothing to divide by is 0. */
export interface ClassScore {
  /** Share of those given this class that have it. */
  readonly precision: number;
  /** Share of those that have it that were given it. */
  readonly recall: number;
  /** Harmonic mean of the two. */
  readonly f1: number;
  /** Faces that have it. */
  readonly support: number;
}

/** The scores of each class. @param confusion faces of class `row` that were taken for class `column` */
export function classScores(confusion: readonly (readonly number[])[]): ClassScore[] {
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return confusion.map((row, label) => {
    const right = row[label];
    const support = row.reduce((sum, count) => sum + count, 0);
    const given = confusion.reduce((sum, own) => sum + own[label], 0);
    return {
      precision: share(right, given),
      recall: share(right, support),
      f1: share(2 * right, given + support),
      support,
    };
  });
}
