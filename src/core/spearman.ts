/**
 * Spearman's rank correlation: the product-moment correlation of the ranks, equal values sharing the mean of theirs
 * (Kendall & Gibbons 1990, "Rank correlation methods", chapter 3). 1: both rise together, −1: one falls as the other
 * rises. `null` where it says nothing: below two pairs, or where one of the two is the same throughout.
 *
 * @param first, second finite values, as many of the one as of the other
 */
export function spearman(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  const [a, b] = [ranksOf(first), ranksOf(second)];
  const middle = (a.length + 1) / 2; // the mean of ranks, whatever the ties
  let product = 0;
  let squaresOfA = 0;
  let squaresOfB = 0;
  for (const [place, rank] of a.entries()) {
    product += (rank - middle) * (b[place] - middle);
    squaresOfA += (rank - middle) ** 2;
    squaresOfB += (b[place] - middle) ** 2;
  }
  return squaresOfA === 0 || squaresOfB === 0 ? null : product / Math.sqrt(squaresOfA * squaresOfB);
}

/** Rank of each value, 1 for the smallest; equal values get the mean of the ranks that they take up together. */
export function ranksOf(values: ArrayLike<number>): number[] {
  const order = Array.from(values, (_, place) => place).sort((a, b) => values[a] - values[b]);
  const ranks = order.map(() => 0);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let place = from; place < to; place++) ranks[order[place]] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}
