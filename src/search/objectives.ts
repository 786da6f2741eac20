import { log } from '../core/portable-math.ts';
import type { GenomeBounds } from '../genome/bounds.ts';
import { faceSquare } from '../genome/patches.ts';
import { nonDominatedSort, type Objectives } from './dominance.ts';
import { hypervolume } from './hypervolume.ts';
import type { Individual, ObjectiveName, SearchSettings } from './search-state.ts';

type Settings = Pick<SearchSettings, 'bounds' | 'objectives'>;

/**
 * A genome is of use as long as it gives up no more than this share of what the best one has learned beyond guessing.
 * Without this bound most of a population would wander to networks that are tiny and know next to nothing.
 */
const USEFUL_SHARE = 0.2;

/** A face on one core takes a small network far less than this; slower ones add nothing to the hypervolume. */
const SLOWEST = 10;

/** Where hypervolumes are measured from: guessing all classes alike, the caps on the network, the whole face. */
export function referenceOf(
  name: ObjectiveName,
  { classes, maximumParameters, maximumMacs, frame }: GenomeBounds,
): number {
  switch (name) {
    case 'loss':
      return log(classes);
    case 'error':
      return 1 - 1 / classes;
    case 'parameters':
      return maximumParameters;
    case 'macs':
      return maximumMacs;
    case 'latency':
      return SLOWEST;
    case 'pixels':
      return faceSquare(frame).width ** 2;
  }
}

export function objectiveOf(individual: Individual, name: ObjectiveName): number {
  if (name === 'error') return 1 - individual.accuracy;
  if (name === 'latency') return individual.latency ?? Number.NaN;
  return individual[name];
}

/** The objectives of an individual as they are. */
export function plainObjectives({ objectives }: Settings) {
  return (individual: Individual): Objectives => objectives.map((name) => objectiveOf(individual, name));
}

/**
 * The objectives as survival sees them: a genome whose loss is of no use counts as worse than any other in all the
 * others. So useful ones beat it, and of two such the one with the lower loss wins. This is the constrained domination
 * of Deb et al. (2002), section VI, with a bound on the loss that tightens as the search gets on.
 */
export function boundedObjectives(front: readonly Individual[], settings: Settings) {
  const limit = largestUsefulLoss(front, settings);
  const { objectives, bounds } = settings;
  return (individual: Individual): Objectives => {
    return objectives.map((name) => {
      const exactness = name === 'loss' || name === 'error';
      return exactness || individual.loss <= limit
        ? objectiveOf(individual, name)
        : 2 * referenceOf(name, bounds);
    });
  };
}

/** The part of a front whose loss is of use. */
export function usefulFront(front: readonly Individual[], settings: Settings): Individual[] {
  const limit = largestUsefulLoss(front, settings);
  return front.filter(({ loss }) => loss <= limit);
}

/** The members that no other beats in every objective, the most exact first. */
export function frontOf(individuals: readonly Individual[], settings: Settings): Individual[] {
  const { fronts } = nonDominatedSort(individuals.map(plainObjectives(settings)));
  return (fronts[0] ?? [])
    .map((index) => individuals[index])
    .sort(
      (a, b) =>
        a.loss - b.loss || a.parameters - b.parameters || a.generation - b.generation || a.index - b.index,
    );
}

/** Share of the box below the reference point that a front dominates, 0 to 1. */
export function frontHypervolume(front: readonly Individual[], { objectives, bounds }: Settings): number {
  const shares = front.map((individual) => {
    return objectives.map((name) => objectiveOf(individual, name) / referenceOf(name, bounds));
  });
  return hypervolume(
    shares,
    objectives.map(() => 1),
  );
}

function largestUsefulLoss(front: readonly Individual[], { bounds }: Settings): number {
  const best = Math.min(...front.map(({ loss }) => loss));
  return best + USEFUL_SHARE * Math.max(0, log(bounds.classes) - best);
}
