/** How the probabilities of several networks are combined. */
export const COMBINATIONS = ['mean', 'votes'] as const;
export type Combination = (typeof COMBINATIONS)[number];

/** Weight of each member's probability of each class, [member][class]; none negative. */
export type MemberWeights = readonly (readonly number[])[];

/**
 * Combines the class probabilities of several networks, [index][class].
 *
 * `mean`: P(c) ∝ Σ W[m][c] · p[m](c), renormalised over the classes. `votes`: each member has one vote, without a weight, for its
 * most probable class (the first of equal ones); P(c) is the share of the votes, plus a part of the mean probability that is too
 * small to overturn a vote and only breaks ties.
 *
 * @param probabilities of each member, [index][class]
 */
export function combine(
  probabilities: readonly Float32Array[],
  classes: number,
  combination: Combination,
  weights: MemberWeights,
): Float32Array {
  const result = new Float32Array(probabilities[0].length);
  const row = new Array<number>(classes);
  for (let start = 0; start < result.length; start += classes) {
    row.fill(0);
    if (combination === 'mean') addMeans(row, probabilities, weights, start);
    else addVotes(row, probabilities, start);
    const sum = row.reduce((a, b) => a + b, 0);
    for (let k = 0; k < classes; k++) result[start + k] = row[k] / sum;
  }
  return result;
}

function addMeans(
  row: number[],
  probabilities: readonly Float32Array[],
  weights: MemberWeights,
  start: number,
) {
  for (const [member, values] of probabilities.entries()) {
    for (let k = 0; k < row.length; k++) row[k] += weights[member][k] * values[start + k];
  }
}

function addVotes(row: number[], probabilities: readonly Float32Array[], start: number) {
  const tieBreak = 1 / (probabilities.length + 1); // the probabilities of all members together stay below one vote
  for (const values of probabilities) {
    let best = 0;
    for (let k = 0; k < row.length; k++) {
      row[k] += tieBreak * values[start + k];
      if (values[start + k] > values[start + best]) best = k;
    }
    row[best]++;
  }
}
