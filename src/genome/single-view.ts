import { networkCost } from '../network/describe.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { GenomeBounds } from './bounds.ts';
import type { Size } from './face-parts.ts';
import type { Genome } from './genome.ts';
import { BLOCKS } from './network-genes.ts';
import type { Rectangle } from './patches.ts';
import { branchedNetwork, type Readings, toNetworkSpec } from './to-network-spec.ts';

/** One rectangle of the frame that a network reads in place of patches. */
export interface View {
  readonly rectangle: Rectangle;
  /** Smaller size that it is reduced to, pixels. @defaultValue its own */
  readonly size?: Size;
}

/** Sizes grow together, by this part of the genome's per step. */
const STEPS = 64;

/**
 * Share of the multiply-accumulates that sizes in proportion may take. The rest is for dense units: they use up the parameters
 * that filters on a large view would have no multiply-accumulates for.
 */
const PROPORTIONAL_MACS = 0.9;

/** What a network for a view is built for. */
export type ViewTarget = Pick<GenomeBounds, 'classes' | 'frame' | 'maximumMacs'>;

/**
 * Builds a network of the kind of the genome's on one view, with at most the genome's parameters and `maximumMacs`. Filters and
 * dense units keep the genome's proportions as far as whole numbers allow; the rest goes into more dense units, then filters,
 * until nothing more fits. If even one of each is too many, it has one of each. A view is larger than a patch, so two blocks
 * become three. If the genome has pairs, which its network reads in both orders, this one reads the view and its mirror image.
 */
export function singleViewNetwork(name: string, genome: Genome, view: View, target: ViewTarget): NetworkSpec {
  const { filters, denseUnits } = genome.network;
  const { parameters: maximumParameters } = networkCost(toNetworkSpec(genome, target));
  const depth = filters.length < BLOCKS.maximum ? [...filters, filters[filters.length - 1]] : filters;
  const sizes = [denseUnits, ...depth];
  const readings = readingsOf(view, genome);
  const build = ([units, ...blocks]: readonly number[]) => {
    return branchedNetwork(name, readings, { ...genome.network, denseUnits: units, filters: blocks }, target);
  };
  const fits = (wanted: readonly number[], maximumMacs = target.maximumMacs) => {
    const { parameters, macs } = networkCost(build(wanted));
    return parameters <= maximumParameters && macs <= maximumMacs;
  };
  const scaled = (step: number) => sizes.map((size) => Math.max(1, Math.floor((size * step) / STEPS)));

  let best = scaled(largest((step) => fits(scaled(step), PROPORTIONAL_MACS * target.maximumMacs)));
  for (const [index, size] of best.entries()) {
    const wider = (more: number) => best.with(index, size + more);
    best = wider(largest((more) => fits(wider(more))));
  }
  return build(best);
}

/** Finds the largest number below 4096 that fits, if all below it do; 0 if none does. */
function largest(fits: (number: number) => boolean): number {
  let found = 0;
  for (let bit = 2048; bit >= 1; bit /= 2) if (fits(found + bit)) found += bit;
  return found;
}

/** Reduces by averaging squares as far as whole factors go, and by interpolating for the rest. */
function readingsOf({ rectangle, size = rectangle }: View, { patches }: Genome): Readings {
  const { width, height } = rectangle;
  const scale = Math.floor(Math.min(width / size.width, height / size.height));
  const isExact = Math.floor(width / scale) === size.width && Math.floor(height / scale) === size.height;
  const face = { name: 'face', rectangle, mirror: false, scale, ...(isExact ? {} : { size }) };
  const mirror = { ...face, name: 'face-mirror', mirror: true, kernels: 'face', normalization: 'face' };
  return patches.some(({ mirrored }) => mirrored) ? [[face], [mirror]] : [[face]];
}
