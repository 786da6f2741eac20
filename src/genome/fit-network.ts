import type { GenomeBounds } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome } from './genome.ts';
import { genomeCost } from './genome-cost.ts';
import { DENSE_UNITS, FILTERS } from './network-genes.ts';
import type { NetworkBudget } from './shrink.ts';

/** All sizes fall together, by 1/64 of their first values per step; a power of 2 makes the share exact. */
const SHARES = 64;

/**
 * Fits the network of a genome into a budget and keeps its patches: lowers filters and dense units together, in proportion
 * as far as steps and bounds allow, and spends the rest on more dense units, up to `maximumUnits`. No chance is involved.
 *
 * @returns null if even the smallest sizes cost too much
 */
export function fitNetwork(
  genome: Genome,
  budget: NetworkBudget,
  bounds: GenomeBounds,
  maximumUnits: number,
): Genome | null {
  const { patches, network } = canonicalGenome(genome);
  const { minimumFilters, maximumFilters, minimumDenseUnits, maximumDenseUnits } = bounds;
  const sized = (filters: readonly number[], denseUnits: number): Genome => {
    return { patches, network: { ...network, filters, denseUnits } };
  };
  const fits = (candidate: Genome) => isWithin(budget, candidate, bounds);
  for (let share = 1; share >= 0; share -= 1 / SHARES) {
    const filters = network.filters.map((count) => {
      return within(inSteps(count * share, FILTERS.step), minimumFilters, maximumFilters);
    });
    let units = within(
      inSteps(network.denseUnits * share, DENSE_UNITS.step),
      minimumDenseUnits,
      maximumDenseUnits,
    );
    if (!fits(sized(filters, units))) continue;
    const maximum = Math.min(maximumUnits, maximumDenseUnits);
    while (units + DENSE_UNITS.step <= maximum && fits(sized(filters, units + DENSE_UNITS.step))) {
      units += DENSE_UNITS.step;
    }
    return sized(filters, units);
  }
  return null;
}

function isWithin(
  { maximumParameters, maximumMacs }: NetworkBudget,
  genome: Genome,
  bounds: GenomeBounds,
): boolean {
  const { parameters, macs } = genomeCost(genome, bounds);
  return parameters <= maximumParameters && macs <= maximumMacs;
}

function inSteps(size: number, step: number): number {
  return step * Math.floor(size / step);
}

function within(size: number, minimum: number, maximum: number): number {
  return Math.min(Math.max(size, minimum), maximum);
}
