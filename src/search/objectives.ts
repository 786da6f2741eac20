import { log } from '../core/portable-math.ts';
import type { GenomeBounds } from '../genome/bounds.ts';
import { faceSquare } from '../genome/patches.ts';
import { nonDominatedSort, type Objectives } from './dominance.ts';
import { hypervolume } from './hypervolume.ts';
import type { Individual, ObjectiveName, Score, SearchSettings, SearchState } from './search-state.ts';
import { rankAndCrowding, type Standing } from './selection.ts';

type Settings = Pick<SearchSettings, 'bounds' | 'objectives'>;

/**
 * A genome is useful as long as it gives up no more than this share of what the best one has learned beyond guessing.
 * Without this bound most of a population would wander to networks that are tiny and hardly better than guessing.
 */
const USEFUL_SHARE = 0.2;

/** Milliseconds per face. A small network takes far less on one core; slower ones add nothing to the hypervolume. */
const MAX_LATENCY = 10;

/** Something that a search can minimise. */
export interface Objective {
  of(score: Score): number;
  /** Its value where hypervolumes are measured from: guessing all classes alike, the caps on the network, the whole face. */
  reference(bounds: GenomeBounds): number;
  /** Whether it measures how exact a network is, which falls with further training, rather than its cost. */
  readonly isExactness?: boolean;
  /** Whether the network's latency has to be measured for it. */
  readonly needsLatency?: boolean;
}

export const objectives: Readonly<Record<ObjectiveName, Objective>> = {
  loss: { of: ({ loss }) => loss, reference: ({ classes }) => log(classes), isExactness: true },
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
  pixels: { of: ({ pixels }) => pixels, reference: ({ frame }) => faceSquare(frame).width ** 2 },
};

/** The corner of the box that hypervolumes are shares of, by objective. */
export function referencePoint({ objectives: names, bounds }: Settings) {
  return Object.fromEntries(names.map((name) => [name, objectives[name].reference(bounds)]));
}

/** Gives the objectives of a score as they are. */
export function plainObjectives({ objectives: names }: Settings) {
  return (score: Score): readonly number[] => names.map((name) => objectives[name].of(score));
}

/** Gives the objectives of a score as they were at a rung; `null` where that rung did not measure it. */
export function objectivesAtRung(rung: number, { objectives: names }: Pick<Settings, 'objectives'>) {
  return (score: Score): Objectives => {
    const loss = score.rungLosses[rung] ?? null;
    if (loss === null) return null;
    return names.map((name) => (objectives[name].isExactness ? loss : objectives[name].of(score)));
  };
}

/**
 * Gives the objectives as survival sees them: a genome whose loss is not useful counts as worse than any other in all the
 * others. So useful ones beat it, and of two such the one with the lower loss wins. This is the constrained domination
 * of Deb et al. (2002), section VI, with a bound on the loss that tightens as the search proceeds.
 */
export function boundedObjectives(front: readonly Individual[], settings: Settings) {
  const limit = maximumUsefulLoss(front, settings);
  return (score: Score): readonly number[] => {
    return settings.objectives.map((name) => {
      const { of, reference, isExactness } = objectives[name];
      return isExactness || score.loss <= limit ? of(score) : 2 * reference(settings.bounds);
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
export function frontHypervolume(
  front: readonly Individual[],
  { objectives: names, bounds }: Settings,
): number {
  const shares = front.map((individual) =>
    names.map((name) => objectives[name].of(individual) / objectives[name].reference(bounds)),
  );
  return hypervolume(
    shares,
    names.map(() => 1),
  );
}

function maximumUsefulLoss(front: readonly Individual[], { bounds }: Settings): number {
  const best = Math.min(...front.map(({ loss }) => loss));
  return best + USEFUL_SHARE * Math.max(0, log(bounds.classes) - best);
}
