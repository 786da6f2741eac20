import { EvopatchError } from '../core/errors.ts';
import { randomStream } from '../core/random.ts';
import type { GenomeBounds } from '../genome/bounds.ts';
import { crossoverGenomes } from '../genome/crossover.ts';
import type { Genome } from '../genome/genome.ts';
import { genomeHash } from '../genome/genome-hash.ts';
import { mutateGenome } from '../genome/mutate.ts';
import { randomGenome } from '../genome/random.ts';
import { generationSize } from './ladder.ts';
import { adaptedOperators } from './operator-rates.ts';
import type { Individual, Observation, Proposal, SearchSettings, SearchState } from './search-state.ts';

/** Attempts at a genome that is not known already. */
const MAX_ATTEMPTS = 100;

/** Makes one genome. Called again, with the next attempt, where the genome is known already. */
export type Maker = (index: number, attempt: number) => { genome: Genome; operators: readonly string[] };

/**
 * A generation of new genomes.
 *
 * @throws EvopatchError `INVALID_OPTION` where the bounds leave no new genomes.
 */
export function proposeNew(state: SearchState, settings: SearchSettings, make: Maker): Proposal[] {
  const count = generationSize(state.generation, settings);
  const proposals = newGenomes(state.seen, [], count, make);
  if (proposals.length < count) {
    throw new EvopatchError('INVALID_OPTION', `the bounds leave no new genomes after ${state.seen.length}`, {
      option: 'bounds',
      hint: 'Widen the bounds, or lower the population or the number of generations',
    });
  }
  return proposals;
}

/** Up to `count` genomes, different from one another, from those seen and from others; fewer where no more can be made. */
export function newGenomes(
  seen: readonly string[],
  others: Iterable<string>,
  count: number,
  make: Maker,
): Proposal[] {
  const known = setOf(seen);
  const taken = new Set(others);
  const proposals: Proposal[] = [];
  while (proposals.length < count) {
    const isKnown = (hash: string) => known.has(hash) || taken.has(hash);
    const proposal = newGenome(isKnown, proposals.length, make);
    if (proposal === undefined) break;
    taken.add(proposal.hash);
    proposals.push(proposal);
  }
  return proposals;
}

function newGenome(isKnown: (hash: string) => boolean, index: number, make: Maker): Proposal | undefined {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const { genome, operators } = make(index, attempt);
    const hash = genomeHash(genome);
    if (!isKnown(hash)) return { genome, hash, operators };
  }
  return undefined;
}

/** A list that was asked for, as a set. The next one mostly continues it: to make a set of all that a long search has seen takes long. */
let latest: { readonly list: readonly string[]; readonly set: Set<string> } = { list: [], set: new Set() };

function setOf(list: readonly string[]): ReadonlySet<string> {
  const { list: before, set } = latest;
  const continues = before.length <= list.length && before.every((value, index) => value === list[index]);
  latest = { list, set: continues ? set : new Set() };
  for (const value of continues ? list.slice(before.length) : list) latest.set.add(value);
  return latest.set;
}

/** Selects the parents of a child. */
export type Select = (index: number, attempt: number) => [first: Genome, second: Genome];

/** Draws random genomes; the first generation begins with the start genomes. */
export function drawRandom({ generation }: SearchState, settings: SearchSettings): Maker {
  const { seed, bounds, startGenomes } = settings;
  return (index, attempt) => {
    const random = randomStream(seed, generation, index, 'random genome', attempt);
    const genome = generation === 0 && attempt === 0 ? startGenomes[index] : undefined;
    return { genome: genome ?? randomGenome(bounds, random), operators: [] };
  };
}

/**
 * Breeds children: crossed with the given probability, and always mutated.
 *
 * @param round distinguishes generations that are bred from one state
 */
export function breed(
  { generation, credit }: SearchState,
  { seed, bounds, adaptive, operators: all }: SearchSettings,
  crossoverProbability: number,
  select: Select,
  round?: number,
): Maker {
  const rounds = round === undefined ? [] : [round];
  const operators = adaptive ? adaptedOperators(all, credit) : all;
  return (index, attempt) => {
    const stream = (purpose: string) => randomStream(seed, generation, index, purpose, attempt, ...rounds);
    const [first, second] = select(index, attempt);
    const random = stream('crossover');
    const crossed = random.chance(crossoverProbability)
      ? crossoverGenomes(first, second, bounds, random, operators)
      : { genome: first, operator: null };
    const mutated = mutateGenome(crossed.genome, bounds, stream('mutation'), operators);
    const names = [crossed.operator, mutated.operator].filter((name) => name !== null);
    return { genome: mutated.genome, operators: names };
  };
}

/** What a search expects of genomes that it has not trained to the top rung. */
export interface Surrogate {
  /** Adds what a generation has taught to the observations. */
  observe(
    observations: readonly Observation[],
    children: readonly Individual[],
    bounds: GenomeBounds,
  ): Observation[];
  /** Individuals with the scores that they are expected to have at the top rung. */
  atTopRung(
    individuals: readonly Individual[],
    observations: readonly Observation[],
    settings: SearchSettings,
  ): readonly Individual[];
  /** Proposes the most promising of many children. */
  propose(
    state: SearchState,
    settings: SearchSettings,
    crossoverProbability: number,
    select: Select,
  ): Proposal[];
}
