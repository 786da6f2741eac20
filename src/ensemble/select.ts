import { log } from '../core/portable-math.ts';
import type { Answers } from './weigh.ts';

/** What a selection optimises: mean negative log-likelihood, or accuracy. */
export const SELECTION_GOALS = ['loss', 'accuracy'] as const;
export type SelectionGoal = (typeof SELECTION_GOALS)[number];

export interface SelectionOptions {
  readonly goal: SelectionGoal;
  /** Maximum rounds, and so members, where a model counts each time it is selected. */
  readonly maximumMembers: number;
  /** Maximum parameters of the distinct members together. */
  readonly maximumParameters: number;
}

/**
 * Selects models by greedy forward selection with replacement (Caruana, Niculescu-Mizil, Crew & Ksikes 2004, Ensemble Selection
 * from Libraries of Models, sections 2 and 2.1): each round adds the model, possibly a member already, that gives the best mean
 * of the probabilities; the best ensemble of all rounds wins, the smallest of equal ones. So a good model may count several
 * times, and one that does not help is left out.
 *
 * @param parameters of each model
 * @returns how often each model was selected; all 0 if none is within the limit
 */
export function selectForward(
  { probabilities, labels, classes }: Answers,
  parameters: readonly number[],
  { goal, maximumMembers, maximumParameters }: SelectionOptions,
): number[] {
  const sums = new Float64Array(labels.length * classes);
  const counts = probabilities.map(() => 0);
  const score = goal === 'loss' ? lossWith : errorWith;
  let best = { score: Number.POSITIVE_INFINITY, counts: [...counts] };
  let used = 0;
  for (let round = 1; round <= maximumMembers; round++) {
    let chosen = -1;
    let lowest = Number.POSITIVE_INFINITY;
    for (const [model, values] of probabilities.entries()) {
      if (counts[model] === 0 && used + parameters[model] > maximumParameters) continue;
      const reached = score(sums, values, labels, classes, round);
      if (reached < lowest) [chosen, lowest] = [model, reached];
    }
    if (chosen < 0) break;
    if (counts[chosen] === 0) used += parameters[chosen];
    counts[chosen]++;
    for (const [i, value] of probabilities[chosen].entries()) sums[i] += value;
    if (lowest < best.score) best = { score: lowest, counts: [...counts] };
  }
  return best.counts;
}

type Score = (
  sums: Float64Array,
  added: Float32Array,
  labels: Uint8Array,
  classes: number,
  members: number,
) => number;

const lossWith: Score = (sums, added, labels, classes, members) => {
  let loss = 0;
  for (const [i, label] of labels.entries()) {
    const index = i * classes + label;
    loss -= log(Math.max((sums[index] + added[index]) / members, 1e-7));
  }
  return loss;
};

const errorWith: Score = (sums, added, labels, classes) => {
  let wrong = 0;
  for (const [i, label] of labels.entries()) {
    let best = i * classes;
    for (let index = best + 1; index < (i + 1) * classes; index++) {
      if (sums[index] + added[index] > sums[best] + added[best]) best = index;
    }
    if (best !== i * classes + label) wrong++;
  }
  return wrong;
};
