/**
 * Spearman's rank correlation: the product-moment correlation of the ranks, equal values sharing the mean of theirs
 * (Kendall & Gibbons 1990, "Rank correlation methods", chapter 3). 1: both rise together, −1: one falls as the other
 * rises. `null` where it says nothing: below two pairs, or where one of the two is the same throughout.
 *
 * @param first, second finite values, as many of the one as of the other
 */
export function spearman(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  return rankCorrelation(ranksOf(first), ranksOf(second));
}

/** Spearman's correlation of values whose ranks are known, as from `ranksOf`. */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const middle = (a.length + 1) / 2; // the mean of ranks, whatever the ties
  let product = 0;
  let squaresOfA = 0;
  let squaresOfB = 0;
  for (let place = 0; place < a.length; place++) {
    const fromMiddle = b[place] - middle;
    product += (a[place] - middle) * fromMiddle;
    squaresOfA += (a[place] - middle) ** 2;
    squaresOfB += fromMiddle ** 2;
  }
  return squaresOfA === 0 || squaresOfB === 0 ? null : product / Math.sqrt(squaresOfA * squaresOfB);
}

/** Rank of each value, 1 for the smallest; equal values get the mean of the ranks that they take up together. */
export function ranksOf(values: ArrayLike<number>): number[] {
  const sorted = Float64Array.from(values).sort();
  const ranks = new Map<number, number>();
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    ranks.set(sorted[from], (from + 1 + to) / 2);
    from = to;
  }
  return Array.from(values, (value) => ranks.get(value) as number);
}
