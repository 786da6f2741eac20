import { randomStream } from '../../core/random.ts';
import { breed, newGenomes, proposeNew, type Select, type Surrogate } from '../breeding.ts';
import { chooseByGain } from '../hypervolume-gain.ts';
import { boundedObjectives, plainObjectives, referencePoint } from '../objectives.ts';
import type { Individual, Proposal, SearchSettings, SearchState } from '../search-state.ts';
import { binaryTournament, rankAndCrowding, survival } from '../selection.ts';
import { atTopRung, type Expectation, expectationOf } from './expectation.ts';
import { observationsAfter } from './observations.ts';

/** Generations that are simulated for each one that is trained, and how many times larger they are. */
const ROUNDS = 8;
const ROUND_SIZE = 8;
/** Share of the children that is taken unscreened, since the model may be wrong. */
const UNSCREENED_SHARE = 0.125;

/**
 * Proposes a generation of new genomes, bred by the given selection and crossover. With a surrogate it first simulates several
 * generations on expected objectives, and proposes those of their genomes that are expected to add most to the hypervolume
 * of the front (as NSGANetV2 does, Lu et al. 2020).
 *
 * @param select selects parents from the population
 * @throws EvopatchError `INVALID_OPTION` where the bounds leave no new genomes.
 */
export function proposeScreened(
  state: SearchState,
  settings: SearchSettings,
  crossoverProbability: number,
  select: Select,
): Proposal[] {
  const make = breed(state, settings, crossoverProbability, select);
  const expected = settings.surrogate ? expectationOf(state, settings) : undefined;
  if (expected === undefined) return proposeNew(state, settings, make);
  const unscreened = newGenomes(state.seen, [], Math.round(UNSCREENED_SHARE * settings.population), make);
  const candidates = simulateSearch(state, settings, crossoverProbability, expected, unscreened);
  const chosen = mostUseful(
    candidates,
    [...state.front, ...unscreened].map(expected),
    settings.population - unscreened.length,
    settings,
  );
  const proposals = [...unscreened, ...chosen].map(({ genome, hash, operators }) => ({
    genome,
    hash,
    operators,
  }));
  return proposals.length < settings.population ? proposeNew(state, settings, make) : proposals;
}

/** All new genomes of several generations that are selected by expected objectives. */
function simulateSearch(
  state: SearchState,
  settings: SearchSettings,
  crossoverProbability: number,
  expected: Expectation,
  excluded: readonly Proposal[],
): Individual[] {
  const { population, seed } = settings;
  const objectives = boundedObjectives(state.front.map(expected), settings);
  const met: Individual[] = [];
  let pool = state.population.map(expected);
  for (let round = 0; round < ROUNDS; round++) {
    const standings = rankAndCrowding(pool.map(objectives));
    const select: Select = (index, attempt) => {
      const random = randomStream(seed, state.generation, index, 'imagined selection', attempt, round);
      const parent = () => pool[binaryTournament(standings, random)].genome;
      return [parent(), parent()];
    };
    const make = breed(state, settings, crossoverProbability, select, round);
    const others = [...excluded, ...met].map(({ hash }) => hash);
    const children = newGenomes(state.seen, others, ROUND_SIZE * population, make).map(expected);
    met.push(...children);
    const candidates = [...pool, ...children];
    pool = survival(candidates.map(objectives), 2 * population).map(({ index }) => candidates[index]);
  }
  return met;
}

/** The candidates that add most to the hypervolume of the front; where the others are dominated, the best by the crowded comparison. */
function mostUseful(
  candidates: readonly Individual[],
  front: readonly Individual[],
  count: number,
  settings: SearchSettings,
): Individual[] {
  const objectives = plainObjectives(settings);
  const reference = Object.values(referencePoint(settings));
  const chosen = chooseByGain(candidates.map(objectives), front.map(objectives), reference, count);
  const taken = new Set(chosen);
  const rest = candidates.filter((_, index) => !taken.has(index));
  const others = survival(rest.map(boundedObjectives(front, settings)), count - chosen.length);
  return [...chosen.map((index) => candidates[index]), ...others.map(({ index }) => rest[index])];
}

/** The surrogate of this folder. */
export const surrogate: Surrogate = { observe: observationsAfter, atTopRung, propose: proposeScreened };
