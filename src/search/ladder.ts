/** A part of the training of a fitness evaluation: how many rows it learns from, and how often. */
export interface Rung {
  readonly rows: number;
  readonly epochs: number;
}

/** Samples seen up to a rung, as a multiple of those seen up to the one below. */
export const RATIO = 3;
const MAX_RUNGS = 3;
/** On fewer rows the order of networks would depend on the choice of the rows. */
const MIN_ROWS = 2000;

/**
 * Plans the rungs of a fitness training, each of which sees three times as many samples in total as the one below (Jamieson
 * & Talwalkar 2016, successive halving with η = 3), up to the whole budget. A rung's rows contain those of the rung
 * below. There are three rungs, or fewer where the lowest would not go through its rows once.
 *
 * @param rows number of training rows
 */
export function ladderOf(
  budget: { readonly samples: number; readonly epochs: number; readonly batchSize: number },
  rows: number,
): Rung[] {
  const maximum = Math.min(rows, budget.samples);
  const seen = maximum * budget.epochs;
  const minimum = Math.min(maximum, Math.max(MIN_ROWS, budget.batchSize));
  let count = 1;
  while (count < MAX_RUNGS && seen / RATIO ** count >= minimum) count++;
  const rungs: Rung[] = [];
  let before = 0;
  for (let rung = 0; rung < count; rung++) {
    const share = RATIO ** (count - 1 - rung);
    const rowsHere = Math.max(minimum, Math.floor(maximum / share));
    const epochs = Math.max(1, Math.round((seen / share - before) / rowsHere));
    before += epochs * rowsHere;
    rungs.push({ rows: rowsHere, epochs });
  }
  return rungs;
}

/** The number of generations that a run was to have, from a generation on. Extending a run adds a plan. */
export interface GenerationPlan {
  readonly from: number;
  readonly generations: number;
}

/**
 * Whether a generation is in the last third of the run, as planned when it began: extending a run changes no generation before.
 * Late generations contain small changes of good layouts, which a short training from a single seed cannot distinguish.
 */
function isLate(generation: number, plans: readonly GenerationPlan[]): boolean {
  const plan = plans.findLast(({ from }) => from <= generation);
  return plan !== undefined && generation >= Math.ceil((2 * plan.generations) / 3);
}

/** The rung on which a generation starts: one rung higher in late generations, if there are three rungs. */
export function startRung(generation: number, plans: readonly GenerationPlan[], rungs: number): number {
  return rungs > 2 && isLate(generation, plans) ? 1 : 0;
}

/** Number of genomes that are promoted to the next rung. */
export function promotedCount(count: number): number {
  return Math.ceil(count / RATIO);
}

/** The settings on which the number of trainings depends. */
interface Plan {
  readonly population: number;
  readonly plans: readonly GenerationPlan[];
  readonly topRung: number;
  readonly halving: boolean;
  readonly surrogate: boolean;
  readonly repeats: number;
}

/** Factor of the first generation, where low rungs make it cheap and the surrogate learns from it. */
const FIRST_GENERATION = 3;

/** Number of genomes in a generation. */
export function generationSize(
  generation: number,
  { population, topRung, halving, surrogate }: Pick<Plan, 'population' | 'topRung' | 'halving' | 'surrogate'>,
): number {
  const cheap = halving && surrogate && topRung > 0;
  return generation === 0 && cheap ? FIRST_GENERATION * population : population;
}

/** Number of trainings that a generation is expected to take. */
export function plannedEvaluations(generation: number, plan: Plan): number {
  let count = generationSize(generation, plan);
  let total = count + repeatsOf(generation, plan);
  if (!plan.halving) return total;
  const rungs = plan.topRung + 1;
  for (let rung = startRung(generation, plan.plans, rungs) + 1; rung < rungs; rung++) {
    count = promotedCount(count);
    total += count;
  }
  return total;
}

/**
 * Number of members of the front that are trained again, with a new seed, after a generation: an eighth of the population in
 * late generations. Earlier ones have none, since most members of the front are soon dominated.
 */
export function repeatsOf(
  generation: number,
  { population, plans, repeats }: Pick<Plan, 'population' | 'plans' | 'repeats'>,
): number {
  return repeats > 1 && isLate(generation, plans) ? Math.max(1, Math.round(population / 8)) : 0;
}

/** Number of samples that training from one rung (−1: from scratch) to another sees. */
export function samplesSeen(rungs: readonly Rung[], from: number, to: number): number {
  return rungs.slice(from + 1, to + 1).reduce((sum, { rows, epochs }) => sum + rows * epochs, 0);
}
