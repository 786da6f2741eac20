/**
 * Computes Spearman's rank correlation: the product-moment correlation of the ranks, where equal values share their mean rank
 * (Kendall & Gibbons 1990, "Rank correlation methods", chapter 3). 1: both rise together, −1: one falls as the other rises.
 * `null` if it is undefined: for fewer than two pairs, or if one of the two is constant.
 *
 * @param first, second finite values, of equal length
 */
export function spearman(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  return rankCorrelation(ranksOf(first), ranksOf(second));
}

/** Computes Spearman's correlation of values from their ranks, as `ranksOf` gives them. */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const middle = (a.length + 1) / 2; // the mean of ranks, with or without ties
  let product = 0;
  let squaresOfA = 0;
  let squaresOfB = 0;
  for (let i = 0; i < a.length; i++) {
    const fromMiddle = b[i] - middle;
    product += (a[i] - middle) * fromMiddle;
    squaresOfA += (a[i] - middle) ** 2;
    squaresOfB += fromMiddle ** 2;
  }
  return squaresOfA === 0 || squaresOfB === 0 ? null : product / Math.sqrt(squaresOfA * squaresOfB);
}

/** Ranks each value, 1 for the smallest; equal values share their mean rank. */
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
