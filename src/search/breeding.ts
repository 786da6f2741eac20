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
  const proposals = newGenomes(state.seen, count, make);
  if (proposals.length < count) {
    throw new EvopatchError('INVALID_OPTION', `the bounds leave no new genomes after ${state.seen.length}`, {
      option: 'bounds',
      hint: 'Widen the bounds, or lower the population or the number of generations',
    });
  }
  return proposals;
}

/** Up to `count` genomes, different from one another and from those seen; fewer where no more can be made. */
export function newGenomes(seen: Iterable<string>, count: number, make: Maker): Proposal[] {
  const taken = new Set(seen);
  const proposals: Proposal[] = [];
  while (proposals.length < count) {
    const proposal = newGenome(taken, proposals.length, make);
    if (proposal === undefined) break;
    taken.add(proposal.hash);
    proposals.push(proposal);
  }
  return proposals;
}

function newGenome(taken: ReadonlySet<string>, index: number, make: Maker): Proposal | undefined {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const { genome, operators } = make(index, attempt);
    const hash = genomeHash(genome);
    if (!taken.has(hash)) return { genome, hash, operators };
  }
  return undefined;
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
