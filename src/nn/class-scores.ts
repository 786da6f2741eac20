/** A network's scores on one class. A score whose denominator is 0 is 0. */
export interface ClassScore {
  /** Share of the faces predicted as this class that belong to it. */
  readonly precision: number;
  /** Share of the faces of this class that are predicted as it. */
  readonly recall: number;
  /** Harmonic mean of precision and recall. */
  readonly f1: number;
  /** Faces of this class. */
  readonly support: number;
}

/** Computes the scores of each class. @param confusion counts of faces, [true class][predicted class] */
export function classScores(confusion: readonly (readonly number[])[]): ClassScore[] {
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return confusion.map((row, label) => {
    const right = row[label];
    const support = row.reduce((sum, count) => sum + count, 0);
    const predicted = confusion.reduce((sum, other) => sum + other[label], 0);
    return {
      precision: share(right, predicted),
      recall: share(right, support),
      f1: share(2 * right, predicted + support),
      support,
    };
  });
}
