import { parameterCount } from '../network/describe.ts';
import { type GenomeBounds, violationOf } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import { fitNetwork } from './fit-network.ts';
import type { Genome, PatchGene } from './genome.ts';
import { genomeHash } from './genome-hash.ts';
import { DENSE_UNITS, FILTERS, type NetworkGenes } from './network-genes.ts';
import { patchAt, type Rectangle, rectangleOf } from './patches.ts';
import { toNetworkSpec } from './to-network-spec.ts';

/** Share of a side or of the filters that goes. */
const CUT = 1 / 4;

/** Shares of the parameters that leaner networks have. */
const LEANER = [1 / 2, 1 / 4, 1 / 8, 1 / 16];

/** Lists the genomes with the same patches and a network of a half to a sixteenth of the parameters, in proportion. */
export function withLeanerNetworks(genome: Genome, bounds: GenomeBounds): Genome[] {
  const { maximumMacs, maximumDenseUnits } = bounds;
  const parameters = parameterCount(toNetworkSpec(genome, bounds));
  const leaner = LEANER.map((share) => {
    const budget = { maximumParameters: share * parameters, maximumMacs };
    return fitNetwork(genome, budget, bounds, maximumDenseUnits);
  });
  return leaner.filter((one) => one !== null);
}

/** Lists the genomes without one of the patches, within the bounds. */
export function withoutEachPatch({ patches, network }: Genome, bounds: GenomeBounds): Genome[] {
  return allowed(
    patches.map((_, index) => ({ patches: patches.toSpliced(index, 1), network })),
    bounds,
  );
}

/**
 * Lists the genomes within the bounds that are one step smaller: without a patch, with one half of a pair, with a patch
 * whose left, right, upper or lower quarter is gone, with a quarter fewer filters, with half of the dense units, or with
 * single convolutions.
 *
 * @param genome a canonical genome
 */
export function smallerGenomes(genome: Genome, bounds: GenomeBounds): Genome[] {
  const { patches, network } = genome;
  const changed = patches.flatMap((patch, index) =>
    smallerPatches(patch, bounds).map((smaller) => ({ patches: patches.with(index, smaller), network })),
  );
  const networks = smallerNetworks(network, bounds).map((smaller) => ({ patches, network: smaller }));
  const smaller = allowed([...changed, ...networks], bounds);
  const own = genomeHash(genome); // again where a gene has its smallest value
  return [...withoutEachPatch(genome, bounds), ...smaller.filter((one) => genomeHash(one) !== own)];
}

function smallerPatches(patch: PatchGene, { frame, minimumSide }: GenomeBounds): PatchGene[] {
  const { x, y, width, height } = rectangleOf(patch, frame);
  const across = Math.ceil(CUT * width);
  const down = Math.ceil(CUT * height);
  const parts: readonly Rectangle[] = [
    { x: x + across, y, width: width - across, height },
    { x, y, width: width - across, height },
    { x, y: y + down, width, height: height - down },
    { x, y, width, height: height - down },
  ];
  const minimum = patch.scale * minimumSide;
  return [
    ...(patch.mirrored ? [{ ...patch, mirrored: false }] : []),
    ...parts
      .filter((part) => Math.min(part.width, part.height) >= minimum)
      .map((part) => patchAt(part, patch, frame)),
  ];
}

function smallerNetworks(network: NetworkGenes, bounds: GenomeBounds): NetworkGenes[] {
  const inSteps = (size: number, step: number, minimum: number) =>
    Math.max(minimum, step * Math.floor(size / step));
  const filters = network.filters.map((count) => {
    return inSteps((1 - CUT) * count, FILTERS.step, bounds.minimumFilters);
  });
  const denseUnits = inSteps(network.denseUnits / 2, DENSE_UNITS.step, bounds.minimumDenseUnits);
  return [
    { ...network, filters },
    { ...network, denseUnits },
    { ...network, convolutions: 1 },
  ];
}

/** Brings genomes into canonical form; leaves out those outside the bounds. */
function allowed(genomes: readonly Genome[], bounds: GenomeBounds): Genome[] {
  return genomes
    .map(canonicalGenome)
    .filter((genome) => genome.patches.length > 0 && violationOf(genome, bounds) === undefined);
}
