import { evenly } from '../core/evenly.ts';
import { type GenomeBounds, pixelLimit } from '../genome/bounds.ts';
import type { Genome } from '../genome/genome.ts';
import { genomeHash } from '../genome/genome-hash.ts';
import { growNetwork } from '../genome/grow.ts';
import type { Individual } from '../search/search-state.ts';

/** Sizes at which a run trains genomes in full: shares of the face's pixels and parameters that grow together. */
const SIZES = [
  { maximumPixels: 0.05, maximumParameters: 1_000 },
  { maximumPixels: 0.1, maximumParameters: 5_000 },
  { maximumPixels: 0.15, maximumParameters: 5_000 },
  { maximumPixels: 0.25, maximumParameters: 20_000 },
  { maximumPixels: 0.35, maximumParameters: 60_000 },
  { maximumPixels: 0.5, maximumParameters: 100_000 },
] as const;

/**
 * Picks the genomes to train in full: two of each size, so that together they show what each size costs. One is the most
 * accurate member of the front within that size. The other combines the patches of the most accurate member within its
 * pixels with a deep network within its parameters: deep networks learn slowly, so short trainings cannot find them, but
 * long trainings make use of them.
 *
 * @param front members that do not dominate each other, the most accurate first
 * @param count maximum number; fewer than there are spread evenly over the sizes
 * @returns different canonical genomes, those of the largest size first
 */
export function pickFinalists(
  front: readonly Pick<Individual, 'genome' | 'parameters' | 'pixels'>[],
  count: number,
  bounds: GenomeBounds,
): Genome[] {
  const picked = new Map<string, Genome>();
  for (const { maximumPixels, maximumParameters } of SIZES.toReversed()) {
    const limits = {
      ...bounds,
      maximumPixels: Math.min(maximumPixels, bounds.maximumPixels),
      maximumParameters: Math.min(maximumParameters, bounds.maximumParameters),
    };
    const small = front.filter(({ pixels }) => pixels <= pixelLimit(limits));
    const member = small.find(({ parameters }) => parameters <= limits.maximumParameters);
    if (small.length > 0) add(growNetwork(small[0].genome, limits));
    if (member !== undefined) add(member.genome);
  }
  return evenly([...picked.values()], count);

  function add(genome: Genome): void {
    picked.set(genomeHash(genome), genome);
  }
}
