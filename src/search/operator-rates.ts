import type { GenomeOperator } from '../genome/operators.ts';

/** How often each operator was used, and how often its child entered the front; both fade from generation to generation. */
export type OperatorCredit = Readonly<
  Record<string, { readonly tries: number; readonly successes: number } | undefined>
>;

interface Child {
  readonly operators: readonly string[];
}

/** Share of the old credit that fades with a generation. */
const FADING = 0.1;
/** Tries at the common rate that every operator is credited with from the start. */
const PRIOR = 8;
/** No operator falls below this share of its own weight: one that fails now may be needed later. */
const MIN_FACTOR = 0.25;

/**
 * Updates the credit by children.
 *
 * @param tried children that were trained
 * @param entered those that entered the front
 * @param generations how much of a generation they are
 */
export function creditAfter(
  credit: OperatorCredit,
  tried: readonly Child[],
  entered: readonly Child[],
  operators: readonly GenomeOperator[],
  generations = 1,
): OperatorCredit {
  const kept = 1 - FADING * generations;
  const next: Record<string, { tries: number; successes: number }> = {};
  for (const { name } of operators) {
    const byIt = (child: Child) => child.operators.includes(name);
    const { tries, successes } = credit[name] ?? { tries: 0, successes: 0 };
    const total = kept * tries + tried.filter(byIt).length;
    if (total > 0) next[name] = { tries: total, successes: kept * successes + entered.filter(byIt).length };
  }
  return next;
}

/**
 * Adaptive rates by probability matching (Thierens 2005, "An adaptive pursuit strategy for allocating operator
 * probabilities", section 2): the weight of each operator times its rate of success over the common rate.
 */
export function adaptedOperators(
  operators: readonly GenomeOperator[],
  credit: OperatorCredit,
): readonly GenomeOperator[] {
  const known = Object.values(credit).filter((one) => one !== undefined);
  const tries = known.reduce((sum, one) => sum + one.tries, 0);
  const successes = known.reduce((sum, one) => sum + one.successes, 0);
  if (successes === 0) return operators;
  const common = successes / tries;
  const factor = (name: string) => {
    const own = credit[name] ?? { tries: 0, successes: 0 };
    const rate = (own.successes + PRIOR * common) / (own.tries + PRIOR);
    return Math.max(MIN_FACTOR, rate / common);
  };
  return operators.map((operator) => ({ ...operator, weight: operator.weight * factor(operator.name) }));
}
