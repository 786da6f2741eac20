import { EvopatchError } from '../core/errors.ts';
import type { RandomStream } from '../core/random.ts';

/** What a genome may be changed by; see `mutateGenome`. */
export const MUTATION_NAMES = [
  'move',
  'resize',
  'add',
  'remove',
  'split',
  'merge',
  'mirror',
  'scale',
  'network',
] as const;
/** How two genomes may be put together; see `crossoverGenomes`. */
export const CROSSOVER_NAMES = ['crossover-region', 'crossover-list'] as const;
export const OPERATOR_NAMES = [...MUTATION_NAMES, ...CROSSOVER_NAMES] as const;

export type MutationName = (typeof MUTATION_NAMES)[number];
export type CrossoverName = (typeof CROSSOVER_NAMES)[number];
export type OperatorName = MutationName | CrossoverName;

/**
 * How often each operator is drawn, relative to the others of its kind, mutation or crossover: from 0, which is never.
 * At least one of a kind that is drawn from must be above 0.
 */
export type OperatorWeights = Readonly<Record<OperatorName, number>>;

/** Small changes of what is there three times as often as changes of what there is. */
export const DEFAULT_OPERATOR_WEIGHTS: OperatorWeights = {
  move: 3,
  resize: 3,
  add: 1,
  remove: 1,
  split: 1,
  merge: 1,
  mirror: 1,
  scale: 1,
  network: 3,
  'crossover-region': 1,
  'crossover-list': 1,
};

/**
 * Draws one of the operators with probabilities in proportion to their weights, by one number of the stream.
 *
 * @throws EvopatchError `INVALID_OPTION` where a weight is no finite number from 0, or all are 0.
 */
export function drawOperator<Name extends OperatorName>(
  names: readonly Name[],
  weights: Readonly<Record<Name, number>>,
  random: RandomStream,
): Name {
  const total = names.reduce((sum, name) => sum + weights[name], 0);
  if (!names.every((name) => weights[name] >= 0) || !(total > 0) || total === Infinity) {
    const problem = 'the weights of operators must be numbers from 0, at least one of them above it';
    throw new EvopatchError('INVALID_OPTION', problem, { option: 'weights', given: weights });
  }
  // An operator of weight 0 leaves the rest as it was and is passed over: the one before it would have been drawn.
  const drawn = random.uniform() * total;
  let sum = 0;
  const found = names.find((name) => {
    sum += weights[name];
    return drawn < sum;
  });
  // Rounding may bring what is drawn up to the total where that is hardly above 0.
  return found ?? names.findLast((name) => weights[name] > 0) ?? names[0];
}
