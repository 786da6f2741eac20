import { EvopatchError } from '../core/errors.ts';
import { randomStream } from '../core/random.ts';
import { type GenomeBounds, smallestGenome } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome, PatchGene } from './genome.ts';
import { BLOCKS, DENSE_UNITS, FILTERS, type NetworkGenes } from './network-genes.ts';
import { canonicalPatches, faceSquare, largestOverlap, patchAt } from './patches.ts';
import { canBeHalved } from './random.ts';
import { shrinkToFit } from './shrink.ts';

const OF_PATCH = ['present', 'x', 'y', 'width', 'height', 'mirrored', 'halved'] as const;
const OF_NETWORK = [
  'branches',
  'blocks',
  ...Array.from({ length: BLOCKS.maximum }, (_, block) => `filters ${block + 1}` as const),
  'convolutions',
  'convolution',
  'kernel',
  'head',
  'dense units',
  'dropout',
  'pooling',
] as const;

/** Names the numbers of a gene vector in their order: seven for each possible patch, then those of the network. */
export function vectorNames({ maximumPatches }: GenomeBounds): string[] {
  const patches = Array.from({ length: maximumPatches }, (_, patch) => {
    return OF_PATCH.map((name) => `patch ${patch + 1} ${name}`);
  });
  return [...patches.flat(), ...OF_NETWORK];
}

/**
 * Makes a genome of numbers from 0 to 1, for optimisers that only handle numbers. Every vector gives a genome within the
 * bounds, and the same one each time: a patch that overlaps earlier ones too much is left out, and a genome that costs too
 * much becomes smaller as a random one does.
 *
 * @param vector as many numbers as `vectorNames` has names
 * @throws EvopatchError `INVALID_GENOME` for another number of numbers, or one outside 0 to 1
 */
export function genomeFromVector(vector: readonly number[], bounds: GenomeBounds): Genome {
  const names = vectorNames(bounds);
  if (vector.length !== names.length) {
    const problem = `a gene vector has ${names.length} numbers within these bounds`;
    throw new EvopatchError('INVALID_GENOME', problem, { given: vector.length });
  }
  const wrong = vector.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong >= 0) {
    const problem = `'${names[wrong]}' must be a number from 0 to 1`;
    throw new EvopatchError('INVALID_GENOME', problem, { given: vector[wrong] });
  }
  let patches: PatchGene[] = [];
  for (let slot = 0; slot < bounds.maximumPatches; slot++) {
    const genes = vector.slice(slot * OF_PATCH.length, (slot + 1) * OF_PATCH.length);
    if (slot >= bounds.minimumPatches && genes[0] < 1 / 2) continue;
    const next = canonicalPatches([...patches, patchFrom(genes, bounds)]);
    if (largestOverlap(next, bounds.frame) <= bounds.maximumOverlap) patches = next;
  }
  if (patches.length < bounds.minimumPatches) return smallestGenome(bounds);
  const network = networkFrom(vector.slice(-OF_NETWORK.length), bounds);
  return shrinkToFit(canonicalGenome({ patches, network }), bounds, bounds, randomStream('gene vector'));
}

function patchFrom([, ...genes]: readonly number[], bounds: GenomeBounds): PatchGene {
  const [x, y, w, h, mirrored, halved] = genes;
  const face = faceSquare(bounds.frame);
  const width = between(bounds.minimumSide, bounds.maximumSide, w);
  const height = between(bounds.minimumSide, bounds.maximumSide, h);
  const rectangle = {
    x: between(face.x, face.x + face.width - width, x),
    y: between(face.y, face.y + face.height - height, y),
    width,
    height,
  };
  const scale = halved >= 3 / 4 && canBeHalved(rectangle, bounds) ? 2 : 1; // as often as in random genomes
  return patchAt(rectangle, { mirrored: mirrored >= 1 / 2, scale }, bounds.frame);
}

function networkFrom(vector: readonly number[], bounds: GenomeBounds): NetworkGenes {
  const [branches, blocks, ...rest] = vector;
  const filters = rest.slice(0, between(BLOCKS.minimum, BLOCKS.maximum, blocks));
  const [convolutions, convolution, kernel, head, denseUnits, dropout, pooling] = rest.slice(BLOCKS.maximum);
  const { minimumFilters, maximumFilters, minimumDenseUnits, maximumDenseUnits } = bounds;
  return {
    branches: pick(['separate', 'shared'], branches),
    filters: filters.map((value) => inSteps(minimumFilters, maximumFilters, FILTERS.step, value)),
    convolutions: pick([1, 2], convolutions),
    convolution: pick(['full', 'separable'], convolution),
    kernel: pick([3, 5], kernel),
    head: pick(['flatten', 'global-pooling'], head),
    denseUnits: inSteps(minimumDenseUnits, maximumDenseUnits, DENSE_UNITS.step, denseUnits),
    dropout: pick([0, 0.1, 0.2, 0.3], dropout),
    pooling: pick(['max', 'anti-aliased'], pooling),
  };
}

/** Reads a whole number between two, both included and all as wide. */
function between(minimum: number, maximum: number, value: number): number {
  return Math.min(maximum, minimum + Math.floor(value * (maximum - minimum + 1)));
}

function inSteps(minimum: number, maximum: number, step: number, value: number): number {
  return step * between(minimum / step, maximum / step, value);
}

function pick<const Value>(values: readonly Value[], value: number): Value {
  return values[between(0, values.length - 1, value)];
}
