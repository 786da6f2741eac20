import { EvopatchError } from '../core/errors.ts';
import { log } from '../core/portable-math.ts';
import { faceSquare } from '../genome/patches.ts';
import { nonDominatedSort, type Objectives } from './dominance.ts';
import { hypervolume } from './hypervolume.ts';
import type { CustomObjective, MeasuredGenome, Objective, Score } from './objective.ts';
import type { Individual, SearchSettings, SearchState } from './search-state.ts';
import { rankAndCrowding, type Standing } from './selection.ts';

type Settings = Pick<SearchSettings, 'bounds' | 'objectives'>;

/**
 * A genome is useful as long as it gives up no more than this share of what the best one has learned beyond guessing.
 * Without this bound most of a population would wander to networks that are tiny and hardly better than guessing.
 */
const USEFUL_SHARE = 0.2;

/** Milliseconds per face. A small network takes far less on one core; slower ones add nothing to the hypervolume. */
const MAX_LATENCY = 10;

/** The names that options accept. */
export const OBJECTIVES = ['loss', 'error', 'parameters', 'macs', 'latency', 'pixels'] as const;
export type ObjectiveName = (typeof OBJECTIVES)[number];

const SHIPPED: Readonly<Record<ObjectiveName, Omit<Objective, 'name'>>> = {
  /** Validation loss, nats. */
  loss: { of: ({ loss }) => loss, reference: ({ classes }) => log(classes), isExactness: true },
  /** Share of wrong predictions. */
  error: {
    of: ({ accuracy }) => 1 - accuracy,
    reference: ({ classes }) => 1 - 1 / classes,
    isExactness: true,
  },
  parameters: { of: ({ parameters }) => parameters, reference: ({ maximumParameters }) => maximumParameters },
  macs: { of: ({ macs }) => macs, reference: ({ maximumMacs }) => maximumMacs },
  latency: {
    of: ({ latency }) => latency ?? Number.NaN,
    reference: () => MAX_LATENCY,
    needsLatency: true,
  },
  /** Pixels of the frame that the patches read. */
  pixels: { of: ({ pixels }) => pixels, reference: ({ frame }) => faceSquare(frame).width ** 2 },
};

/** The objective behind a name, or of the user's own. */
export function objectiveFrom(given: ObjectiveName | CustomObjective): Objective {
  if (typeof given === 'string') return { name: given, ...SHIPPED[given] };
  const { name, reference } = given;
  const of = ({ values }: Score) => values?.[name] ?? Number.NaN;
  return { name, of, reference: () => reference, custom: given };
}

/**
 * Measures the objectives that the user defined.
 *
 * @returns `undefined` where there are none
 * @throws EvopatchError `INVALID_OPTION` where one does not give a number from 0.
 */
export function measureObjectives(
  objectives: readonly Objective[],
  measured: MeasuredGenome,
): Record<string, number> | undefined {
  const values = objectives.flatMap(({ name, custom }) => {
    if (custom === undefined) return [];
    const value = custom.measure(measured);
    if (Number.isFinite(value) && value >= 0) return [[name, value] as const];
    const hint = 'An objective gives a finite number from 0 for every genome; the search makes it small';
    const data = { option: 'objectives', given: value, hint };
    throw new EvopatchError('INVALID_OPTION', `the objective '${name}' gave no number from 0`, data);
  });
  return values.length === 0 ? undefined : Object.fromEntries(values);
}

/** The corner of the box that hypervolumes are shares of, by objective. */
export function referencePoint({ objectives, bounds }: Settings): Record<string, number> {
  return Object.fromEntries(objectives.map(({ name, reference }) => [name, reference(bounds)]));
}

/** Gives the objectives of a score as they are. */
export function plainObjectives({ objectives }: Settings) {
  return (score: Score): readonly number[] => objectives.map(({ of }) => of(score));
}

/** Gives the objectives of a score as they were at a rung; `null` where that rung did not measure it. */
export function objectivesAtRung(rung: number, { objectives }: Pick<Settings, 'objectives'>) {
  return (score: Score): Objectives => {
    const loss = score.rungLosses[rung] ?? null;
    if (loss === null) return null;
    return objectives.map(({ isExactness, of }) => (isExactness ? loss : of(score)));
  };
}

/**
 * Gives the objectives as survival sees them: a genome whose loss is not useful counts as worse than any other in all the
 * others. So useful ones beat it, and of two such the one with the lower loss wins. This is the constrained domination
 * of Deb et al. (2002), section VI, with a bound on the loss that tightens as the search proceeds.
 */
export function boundedObjectives(front: readonly Individual[], settings: Settings) {
  const limit = maximumUsefulLoss(front, settings);
  const worst = settings.objectives.map(({ reference }) => 2 * reference(settings.bounds));
  return (score: Score): readonly number[] => {
    const isUseful = score.loss <= limit;
    return settings.objectives.map(({ of, isExactness }, m) => {
      return isExactness || isUseful ? of(score) : worst[m];
    });
  };
}

/** Rank and crowding distance of some individuals among themselves. */
export function standingsOf(
  individuals: readonly Individual[],
  { front }: Pick<SearchState, 'front'>,
  settings: Settings,
): Standing[] {
  return rankAndCrowding(individuals.map(boundedObjectives(front, settings)));
}

/** The members of a front whose loss is useful. */
export function usefulFront(front: readonly Individual[], settings: Settings): Individual[] {
  const limit = maximumUsefulLoss(front, settings);
  return front.filter(({ loss }) => loss <= limit);
}

/** The non-dominated individuals, the lowest loss first. */
export function frontOf(individuals: readonly Individual[], settings: Settings): Individual[] {
  const { fronts } = nonDominatedSort(individuals.map(plainObjectives(settings)));
  return (fronts[0] ?? [])
    .map((index) => individuals[index])
    .sort(
      (a, b) =>
        a.loss - b.loss || a.parameters - b.parameters || a.generation - b.generation || a.index - b.index,
    );
}

/** The front of a search; before anything has reached the top rung, that of the population. */
export function bestSoFar({ front, population }: SearchState, settings: Settings): readonly Individual[] {
  return front.length > 0 ? front : frontOf(population, settings);
}

/** Share of the box below the reference point that a front dominates, 0 to 1. */
export function frontHypervolume(front: readonly Individual[], { objectives, bounds }: Settings): number {
  const shares = front.map((individual) =>
    objectives.map(({ of, reference }) => of(individual) / reference(bounds)),
  );
  return hypervolume(
    shares,
    objectives.map(() => 1),
  );
}

function maximumUsefulLoss(front: readonly Individual[], { bounds }: Settings): number {
  const best = Math.min(...front.map(({ loss }) => loss));
  return best + USEFUL_SHARE * Math.max(0, log(bounds.classes) - best);
}
