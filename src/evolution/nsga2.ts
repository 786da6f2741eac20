import { EvopatchError } from '../core/errors.ts';
import { log } from '../core/portable-math.ts';
import { randomStream } from '../core/random.ts';
import type { GenomeBounds } from '../genome/bounds.ts';
import { genomeHash } from '../genome/canonical.ts';
import { crossoverGenomes } from '../genome/crossover.ts';
import type { Genome } from '../genome/genome.ts';
import { mutateGenome } from '../genome/mutate.ts';
import { randomGenome } from '../genome/random.ts';
import { nonDominatedSort, type Objectives, succeeded } from './dominance.ts';
import { binaryTournament, rankAndCrowding, type Standing, survival } from './selection.ts';

/**
 * The search is a state machine of plain data after NSGA-II (Deb, Pratap, Agarwal & Meyarivan 2002): `ask` proposes the
 * genomes of a generation, `tell` takes their scores and gives the next state. It knows nothing of threads or files,
 * and every random draw comes from a stream keyed by (seed, generation, index, purpose).
 */
export interface SearchState {
  /** Number of the generation that `ask` proposes. */
  readonly generation: number;
  /** The survivors, best first; none has failed. */
  readonly population: readonly Individual[];
  /** Of all individuals ever, those that no other beats in both objectives; the most exact first. */
  readonly front: readonly Individual[];
  /** Hashes of all genomes ever told of. */
  readonly seen: readonly string[];
}

/** A genome with its scores. */
export interface Individual {
  readonly genome: Genome;
  readonly hash: string;
  /** Where it was born. */
  readonly generation: number;
  readonly index: number;
  /** Validation loss (mean negative log-likelihood) and accuracy of its fitness evaluation. */
  readonly loss: number;
  readonly accuracy: number;
  readonly parameters: number;
  readonly macs: number;
}

/** What a fitness evaluation gave, as far as the search is concerned; `null` where it failed. */
export type Score = Pick<Individual, 'loss' | 'accuracy' | 'parameters' | 'macs'> | null;

export interface SearchSettings {
  readonly seed: string;
  /** Number of survivors, and of children in a generation. */
  readonly population: number;
  readonly bounds: GenomeBounds;
}

/**
 * A genome is of use as long as it gives up no more than this share of what the best one has learned beyond guessing.
 * Without this bound most of a population would wander to networks that are tiny and know next to nothing.
 */
const USEFUL_SHARE = 0.2;
const CROSSOVER_PROBABILITY = 0.8;
/** How often a child that is known already is bred, or drawn, again. */
const ATTEMPTS = 100;

export const initialState: SearchState = { generation: 0, population: [], front: [], seen: [] };

/** The genomes of the next generation, all different from one another and from all that came before. */
export function ask(state: SearchState, settings: SearchSettings): Genome[] {
  const taken = new Set(state.seen);
  return Array.from({ length: settings.population }, (_, index) => {
    const genome = propose(state, settings, index, taken);
    taken.add(genomeHash(genome));
    return genome;
  });
}

/** Elitist survival of parents and children. A failed child never enters the population. */
export function tell(
  state: SearchState,
  settings: Pick<SearchSettings, 'population' | 'bounds'>,
  genomes: readonly Genome[],
  scores: readonly Score[],
): SearchState {
  const { generation } = state;
  const hashes = genomes.map(genomeHash);
  const children = genomes.flatMap((genome, index): Individual[] => {
    const score = scores[index];
    if (score === null || !succeeded([score.loss, score.parameters])) return [];
    return [{ genome, hash: hashes[index], generation, index, ...score }];
  });
  const front = frontOf([...state.front, ...children]);
  const candidates = [...state.population, ...children];
  const survivors = survival(candidates.map(objectives(front, settings)), settings.population);
  return {
    generation: generation + 1,
    population: survivors.map(({ index }) => candidates[index]),
    front,
    seen: [...state.seen, ...hashes],
  };
}

/** Rank and crowding distance of the members of the population. */
export function standingsOf(state: SearchState, settings: Pick<SearchSettings, 'bounds'>): Standing[] {
  return rankAndCrowding(state.population.map(objectives(state.front, settings)));
}

/** The part of the front whose loss is of use; see `USEFUL_SHARE`. */
export function usefulFront(
  { front }: SearchState,
  { bounds }: Pick<SearchSettings, 'bounds'>,
): Individual[] {
  const limit = largestUsefulLoss(front, bounds);
  return front.filter(({ loss }) => loss <= limit);
}

/**
 * The two objectives: loss and parameters. A genome whose loss is of no use counts as larger than any other: so useful
 * ones beat it, and of two such the one with the lower loss wins. This is the constrained domination of Deb et al.
 * (2002), section VI, with a bound on the loss that tightens as the search gets on.
 */
function objectives(front: readonly Individual[], { bounds }: Pick<SearchSettings, 'bounds'>) {
  const limit = largestUsefulLoss(front, bounds);
  return ({ loss, parameters }: Individual): Objectives => [
    loss,
    loss <= limit ? parameters : bounds.maximumParameters + 1,
  ];
}

function largestUsefulLoss(front: readonly Individual[], { classes }: GenomeBounds): number {
  const best = Math.min(...front.map(({ loss }) => loss));
  return best + USEFUL_SHARE * Math.max(0, log(classes) - best);
}

/** The members that no other beats in both objectives, the most exact first. */
function frontOf(individuals: readonly Individual[]): Individual[] {
  const { fronts } = nonDominatedSort(individuals.map(({ loss, parameters }) => [loss, parameters]));
  return (fronts[0] ?? [])
    .map((index) => individuals[index])
    .sort((a, b) => a.loss - b.loss || a.parameters - b.parameters);
}

function propose(
  state: SearchState,
  settings: SearchSettings,
  index: number,
  taken: ReadonlySet<string>,
): Genome {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const genome =
      state.population.length > 0
        ? breed(state, settings, index, attempt)
        : draw(state, settings, index, attempt);
    if (!taken.has(genomeHash(genome))) return genome;
  }
  throw new EvopatchError('INVALID_OPTION', `the bounds leave no new genomes after ${taken.size}`, {
    option: 'bounds',
    hint: 'Widen the bounds, or lower the population or the number of generations',
  });
}

function draw(
  { generation }: SearchState,
  { seed, bounds }: SearchSettings,
  index: number,
  attempt: number,
): Genome {
  return randomGenome(bounds, randomStream(seed, generation, index, 'random genome', attempt));
}

function breed(state: SearchState, settings: SearchSettings, index: number, attempt: number): Genome {
  const { population, generation } = state;
  const { seed, bounds } = settings;
  const stream = (purpose: string) => randomStream(seed, generation, index, purpose, attempt);
  const standings = standingsOf(state, settings);
  const selection = stream('selection');
  const first = population[binaryTournament(standings, selection)].genome;
  const second = population[binaryTournament(standings, selection)].genome;
  const crossover = stream('crossover');
  const child = crossover.chance(CROSSOVER_PROBABILITY)
    ? crossoverGenomes(first, second, bounds, crossover).genome
    : first;
  return mutateGenome(child, bounds, stream('mutation')).genome;
}
