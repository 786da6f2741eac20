import { OPERATOR_NAMES, type OperatorName, type OperatorWeights } from '../genome/operators.ts';

/** How often each operator was used, and how often its child entered the front; both fade from generation to generation. */
export type OperatorCredit = Readonly<
  Partial<Record<OperatorName, { readonly tries: number; readonly successes: number }>>
>;

/** What a child owes its being to. */
interface Made {
  readonly operators: readonly OperatorName[];
}

/** What is left of old credit after a generation. */
const MEMORY = 0.9;
/** Tries at the common rate that every operator is credited with from the start. */
const PRIOR = 8;
/** An operator may fall to this share of its own weight, never lower: what fails today may be wanted tomorrow. */
const LEAST = 0.25;

/** The credit after a generation whose children entered the front or did not. */
export function creditAfter<Child extends Made>(
  credit: OperatorCredit,
  proposals: readonly Child[],
  entered: (proposal: Child) => boolean,
): OperatorCredit {
  const next: Partial<Record<OperatorName, { tries: number; successes: number }>> = {};
  for (const name of OPERATOR_NAMES) {
    const children = proposals.filter(({ operators }) => operators.includes(name));
    const { tries, successes } = credit[name] ?? { tries: 0, successes: 0 };
    const total = MEMORY * tries + children.length;
    if (total > 0)
      next[name] = { tries: total, successes: MEMORY * successes + children.filter(entered).length };
  }
  return next;
}

/**
 * Adaptive rates by probability matching (Thierens 2005, "An adaptive pursuit strategy for allocating operator
 * probabilities", section 2): each base weight times the operator's rate of success over the common rate.
 */
export function adaptedWeights(base: OperatorWeights, credit: OperatorCredit): OperatorWeights {
  const known = Object.values(credit);
  const tries = known.reduce((sum, one) => sum + one.tries, 0);
  const successes = known.reduce((sum, one) => sum + one.successes, 0);
  if (successes === 0) return base;
  const common = successes / tries;
  const factor = (name: OperatorName) => {
    const own = credit[name] ?? { tries: 0, successes: 0 };
    const rate = (own.successes + PRIOR * common) / (own.tries + PRIOR);
    return Math.max(LEAST, rate / common);
  };
  const entries = OPERATOR_NAMES.map((name) => [name, base[name] * factor(name)] as const);
  return Object.fromEntries(entries) as OperatorWeights;
}
