/** A part of the training of a fitness evaluation: how many rows it learns from, and how often. */
export interface Rung {
  readonly rows: number;
  readonly epochs: number;
}

/** Samples seen up to a rung, as a share of those seen up to the next. */
export const RATIO = 3;
const MOST_RUNGS = 3;
/** A rung below this many rows would tell networks apart by the luck of its rows. */
const FEWEST_ROWS = 2000;

/**
 * The ladder of a fitness training: rungs that each see three times as many samples, all in all, as the one below (Jamieson
 * & Talwalkar 2016, successive halving with η = 3), up to the whole budget. A rung's rows contain those of the rung
 * below. There are three rungs, or fewer where the lowest would not go through its rows once.
 *
 * @param rows training rows there are
 */
export function ladderOf(
  budget: { readonly samples: number; readonly epochs: number; readonly batchSize: number },
  rows: number,
): Rung[] {
  const most = Math.min(rows, budget.samples);
  const seen = most * budget.epochs;
  const fewest = Math.min(most, Math.max(FEWEST_ROWS, budget.batchSize));
  let count = 1;
  while (count < MOST_RUNGS && seen / RATIO ** count >= fewest) count++;
  const rungs: Rung[] = [];
  let before = 0;
  for (let rung = 0; rung < count; rung++) {
    const share = RATIO ** (count - 1 - rung);
    const rowsHere = Math.max(fewest, Math.floor(most / share));
    const epochs = Math.max(1, Math.round((seen / share - before) / rowsHere));
    before += epochs * rowsHere;
    rungs.push({ rows: rowsHere, epochs });
  }
  return rungs;
}

/**
 * The last third of a run's generations. They hold small changes of good layouts, which a short training from a single seed
 * cannot tell apart.
 */
function isLate(generation: number, generations: number): boolean {
  return generation >= Math.ceil((2 * generations) / 3);
}

/** The rung that a generation starts on: late ones one rung higher, where there are rungs enough. */
export function startRung(generation: number, generations: number, rungs: number): number {
  return rungs > 2 && isLate(generation, generations) ? 1 : 0;
}

/** How many of a generation go on to the next rung. */
export function promotedCount(count: number): number {
  return Math.ceil(count / RATIO);
}

/** What the number of training runs hangs on. */
interface Plan {
  readonly population: number;
  readonly generations: number;
  readonly topRung: number;
  readonly halving: boolean;
  readonly surrogate: boolean;
  readonly repeats: number;
}

/** Times as many genomes in the first generation, where a low rung and a model of the loss make the most of them. */
const FIRST_GENERATION = 3;

/** Genomes of a generation. */
export function generationSize(
  generation: number,
  { population, topRung, halving, surrogate }: Pick<Plan, 'population' | 'topRung' | 'halving' | 'surrogate'>,
): number {
  const cheap = halving && surrogate && topRung > 0;
  return generation === 0 && cheap ? FIRST_GENERATION * population : population;
}

/** Training runs that a generation is expected to take. */
export function plannedEvaluations(generation: number, plan: Plan): number {
  let count = generationSize(generation, plan);
  let total = count + repeatsOf(generation, plan);
  if (!plan.halving) return total;
  const rungs = plan.topRung + 1;
  for (let rung = startRung(generation, plan.generations, rungs) + 1; rung < rungs; rung++) {
    count = promotedCount(count);
    total += count;
  }
  return total;
}

/**
 * Members of the front that are trained with a new seed after a generation: two for 16 of a population, in late ones. Before
 * that most members of the front are soon beaten, and their repeats wasted.
 */
export function repeatsOf(
  generation: number,
  { population, generations, repeats }: Pick<Plan, 'population' | 'generations' | 'repeats'>,
): number {
  return repeats > 1 && isLate(generation, generations) ? Math.max(1, Math.round(population / 8)) : 0;
}

/** Samples that training from one rung (or, −1, from nothing) to another sees. */
export function samplesSeen(rungs: readonly Rung[], from: number, to: number): number {
  return rungs.slice(from + 1, to + 1).reduce((sum, { rows, epochs }) => sum + rows * epochs, 0);
}
