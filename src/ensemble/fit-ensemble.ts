import type { Combination, MemberWeights } from './combine.ts';
import { type SelectionOptions, selectForward } from './select.ts';
import { type Answers, accuracyWeights, confidenceWeights, equalWeights, type Reliability } from './weigh.ts';

export const ENSEMBLE_METHODS = ['averaging', 'accuracy', 'confidence', 'voting'] as const;
export type EnsembleMethod = (typeof ENSEMBLE_METHODS)[number];

/** How to fit an ensemble. */
export interface EnsembleRecipe {
  /**
   * `averaging`: the mean of the probabilities; after a selection each model counts each time it was selected. `accuracy`,
   * `confidence`: means weighted by `accuracyWeights` or `confidenceWeights`. `voting`: one vote for each member.
   */
  readonly method: EnsembleMethod;
  /** The reliability that 'confidence' weighs by. */
  readonly reliability: Reliability;
  /** The smoothing a of 'confidence', above 0. */
  readonly smoothing: number;
  /** The sharpness k of 'accuracy', from 1. */
  readonly sharpness: number;
  /** Selects members by forward selection first; without it all models are members. */
  readonly selection?: SelectionOptions;
}

/** The members and weights of a fitted ensemble. */
export interface FittedEnsemble {
  /** Indices of the models that are members, ascending. */
  readonly members: readonly number[];
  readonly combination: Combination;
  /** The weights of the members. */
  readonly weights: MemberWeights;
}

/** Tests whether a recipe needs labelled samples. */
export function learnsFromData({ method, selection }: EnsembleRecipe): boolean {
  return selection !== undefined || method === 'accuracy' || method === 'confidence';
}

/** Selects and weighs members by their predictions for labelled samples that none of them was trained on. */
export function fitEnsemble(
  answers: Answers,
  parameters: readonly number[],
  recipe: EnsembleRecipe,
): FittedEnsemble {
  const { method, reliability, smoothing, sharpness, selection } = recipe;
  const { probabilities, classes } = answers;
  const counts = selection ? selectForward(answers, parameters, selection) : probabilities.map(() => 1);
  const members = counts.flatMap((count, model) => (count > 0 ? [model] : []));
  const chosen = { ...answers, probabilities: members.map((model) => probabilities[model]) };
  const total = counts.reduce((a, b) => a + b, 0);
  const weigh = {
    averaging: () => members.map((model) => new Array<number>(classes).fill(counts[model] / total)),
    accuracy: () => accuracyWeights(chosen, sharpness),
    confidence: () => confidenceWeights(chosen, reliability, smoothing),
    voting: () => equalWeights(members.length, classes),
  } satisfies Record<EnsembleMethod, () => MemberWeights>;
  return { members, combination: method === 'voting' ? 'votes' : 'mean', weights: weigh[method]() };
}
