import * as z from 'zod';
import { log } from '../core/portable-math.ts';
import type { RandomStream } from '../core/random.ts';
import { type Drafts, dropout } from '../network/notation.ts';
import { chromosome, type Gene, type GeneTable } from './gene.ts';

/** Describes the network on the patches; every patch gets a branch of this form. */
export interface NetworkGenes {
  /** Whether each patch has its own kernels, or all share theirs; normalisation is always separate. */
  readonly branches: 'separate' | 'shared';
  /** Filters of each block, which is one or two convolutions and a pool; two or three blocks. */
  readonly filters: readonly number[];
  /**
   * Convolutions of a block, each with batch normalisation and ReLU. Of two, the output of the first is added to the
   * output of the second before its ReLU (He et al. 2016, section 3.2).
   */
  readonly convolutions: 1 | 2;
  /**
   * Whether a convolution mixes positions and channels at once, or is depthwise separable: one filter a channel, then a
   * 1×1 convolution (Howard et al. 2017, section 3.1). The first one of a branch, which reads one channel, is always full.
   */
  readonly convolution: 'full' | 'separable';
  /** Side of the square kernels. */
  readonly kernel: 3 | 5;
  /** Whether a branch ends in all its positions, or in the mean of each channel. */
  readonly head: 'flatten' | 'global-pooling';
  /** Units of the dense layer that reads all branches. */
  readonly denseUnits: number;
  readonly dropout: (typeof DROPOUT_RATES)[number];
  /**
   * How a block halves its map: by the maximum of each 2×2 square, or by the maximum at every position and then the mean of
   * each square, which changes less when the face moves by a pixel (Zhang 2019, section 3.2, with a box filter).
   */
  readonly pooling: 'max' | 'anti-aliased';
}

/** Limits the sizes of a network; both ends are included. */
export interface NetworkBounds {
  /** Filters of a block, in steps of 4. */
  readonly minimumFilters: number;
  readonly maximumFilters: number;
  /** Units of the dense layer, in steps of 8. */
  readonly minimumDenseUnits: number;
  readonly maximumDenseUnits: number;
}

export const BLOCKS = { minimum: 2, maximum: 3 } as const;
export const FILTERS = { minimum: 4, maximum: 48, step: 4 } as const;
export const DENSE_UNITS = { minimum: 8, maximum: 96, step: 8 } as const;
const DROPOUT_RATES = [0, 0.1, 0.2, 0.3] as const;

const sizeIn = ({ minimum, maximum, step }: { minimum: number; maximum: number; step: number }) =>
  z.int().min(minimum).max(maximum).multipleOf(step);
const filters = sizeIn(FILTERS);
const denseUnits = sizeIn(DENSE_UNITS);

export const networkBoundsShape = {
  minimumFilters: filters.default(FILTERS.minimum),
  maximumFilters: filters.default(FILTERS.maximum),
  minimumDenseUnits: denseUnits.default(DENSE_UNITS.minimum),
  maximumDenseUnits: denseUnits.default(DENSE_UNITS.maximum),
};

/** Makes a gene of two values, which a mutation exchanges; a share of random genomes have the second. */
function eitherOf<Value extends string | number>(values: readonly [Value, Value], share: number) {
  const [first, second] = values;
  return {
    draw: (_bounds, random) => (random.chance(share) ? second : first),
    mutations: [{ weight: 1, change: (value) => (value === first ? second : first) }],
  } satisfies Pick<Gene<Value, unknown>, 'draw' | 'mutations'>;
}

/** One gene a field: a new one comes last, with a default in its schema, and may add layers to `toNetworkSpec`. */
export const NETWORK_GENES: GeneTable<NetworkGenes, NetworkBounds> = {
  branches: {
    schema: z.literal(['separate', 'shared']).default('separate'),
    smallest: () => 'shared',
    ...eitherOf(['separate', 'shared'], 1 / 2),
    features: (value) => [Number(value === 'shared')],
    summary: (value) => (value === 'shared' ? 'shared ' : ''),
  },
  filters: {
    schema: z.array(filters).min(BLOCKS.minimum).max(BLOCKS.maximum),
    smallest: ({ minimumFilters }) => Array<number>(BLOCKS.minimum).fill(minimumFilters),
    draw({ minimumFilters, maximumFilters }, random) {
      // Networks of very few filters are all alike: evolution lowers the number of filters if they are not needed.
      const third = minimumFilters + (maximumFilters - minimumFilters) / 3;
      const minimum = FILTERS.step * Math.ceil(third / FILTERS.step);
      const blocks = Array.from({ length: random.integer(BLOCKS.minimum, BLOCKS.maximum) }, () => {
        return drawSize(minimum, maximumFilters, FILTERS.step, random);
      });
      return blocks.sort((a, b) => a - b); // smaller maps distinguish more kinds of features
    },
    mutations: [
      {
        weight: 2,
        change(value, { minimumFilters, maximumFilters }, random) {
          const block = random.integer(0, value.length - 1);
          const changed = value[block] + FILTERS.step * smallStep(random);
          return value.with(block, clamp(changed, minimumFilters, maximumFilters));
        },
      },
      {
        weight: 1, // one block less, or the same block twice
        change(value, _bounds, random) {
          const block = random.integer(0, value.length - 1);
          return value.length < BLOCKS.maximum
            ? value.toSpliced(block, 0, value[block])
            : value.toSpliced(block, 1);
        },
      },
    ],
    mix: (lead, other, random) => {
      return lead.map((count, block) => (random.chance(1 / 2) ? count : (other[block] ?? count)));
    },
    smaller: (value, { minimumFilters }) =>
      value.flatMap((count, block) =>
        count === minimumFilters ? [] : [value.with(block, count - FILTERS.step)],
      ),
    problem(value, { minimumFilters, maximumFilters }) {
      if (value.every((count) => count === clamp(count, minimumFilters, maximumFilters))) return undefined;
      return `the filters must be ${minimumFilters} to ${maximumFilters}`;
    },
    features: (value) => [value.length / 2, log(Math.max(...value)) / 2, log(Math.min(...value)) / 2],
    summary: (value) => ` ${value.join('-')}`,
  },
  convolutions: {
    schema: z.literal([1, 2]).default(1),
    smallest: () => 1,
    ...eitherOf([1, 2], 1 / 2),
    smaller: (value) => (value === 2 ? [1] : []),
    features: (value) => [value - 1],
    summary: (value) => (value === 2 ? '2× ' : ''),
  },
  convolution: {
    schema: z.literal(['full', 'separable']).default('full'),
    smallest: () => 'separable',
    ...eitherOf(['full', 'separable'], 1 / 4),
    features: (value) => [Number(value === 'separable')],
    summary: (value) => (value === 'separable' ? 'separable conv' : 'conv'),
  },
  kernel: {
    schema: z.literal([3, 5]),
    smallest: () => 3,
    ...eitherOf([3, 5], 1 / 4),
    features: (value) => [value / 4],
    summary: (value) => ` ${value}×${value}`,
  },
  head: {
    schema: z.literal(['flatten', 'global-pooling']),
    smallest: () => 'global-pooling',
    ...eitherOf(['flatten', 'global-pooling'], 1 / 4),
    features: (value) => [Number(value === 'flatten')],
    summary: (value) => `, ${value.replace('-', ' ')}`,
  },
  denseUnits: {
    schema: denseUnits,
    smallest: ({ minimumDenseUnits }) => minimumDenseUnits,
    draw: ({ minimumDenseUnits, maximumDenseUnits }, random) => {
      return drawSize(minimumDenseUnits, maximumDenseUnits, DENSE_UNITS.step, random);
    },
    mutations: [
      {
        weight: 2,
        change: (value, { minimumDenseUnits, maximumDenseUnits }, random) => {
          return clamp(value + DENSE_UNITS.step * smallStep(random), minimumDenseUnits, maximumDenseUnits);
        },
      },
    ],
    // Units hold many parameters and hardly any multiply-accumulates.
    smaller: (value, { minimumDenseUnits }, tooManyParameters) => {
      return tooManyParameters && value > minimumDenseUnits ? [value - DENSE_UNITS.step] : [];
    },
    problem(value, { minimumDenseUnits, maximumDenseUnits }) {
      if (value === clamp(value, minimumDenseUnits, maximumDenseUnits)) return undefined;
      return `the dense units must be ${minimumDenseUnits} to ${maximumDenseUnits}`;
    },
    features: (value) => [log(value) / 2],
    summary: (value) => `, dense ${value}`,
  },
  dropout: {
    schema: z.literal(DROPOUT_RATES),
    smallest: () => 0,
    draw: (_bounds, random) => random.pick(DROPOUT_RATES),
    mutations: [
      {
        weight: 1,
        change: (value, _bounds, random) => random.pick(DROPOUT_RATES.filter((rate) => rate !== value)),
      },
    ],
    features: (value) => [value],
    summary: (value) => (value > 0 ? `, dropout ${value}` : ''),
    layers: (rate): Drafts => (rate > 0 ? { 'dense.dropout': dropout(rate) } : {}),
  },
  pooling: {
    schema: z.literal(['max', 'anti-aliased']).default('max'),
    smallest: () => 'max',
    ...eitherOf(['max', 'anti-aliased'], 1 / 2),
    features: (value) => [Number(value === 'anti-aliased')],
    summary: (value) => (value === 'anti-aliased' ? ', anti-aliased' : ''),
  },
};

/** All genes of a network as one chromosome. */
export const NETWORK = chromosome(NETWORK_GENES, {
  draw: ['filters'],
  mutate: ['filters', 'denseUnits', 'convolutions', 'convolution'],
  smaller: ['denseUnits'],
  features: ['filters', 'denseUnits', 'kernel', 'dropout', 'convolutions'],
  summary: ['branches', 'convolutions', 'convolution', 'kernel'],
});

/** Draws a multiple of a step, both ends included. */
function drawSize(minimum: number, maximum: number, step: number, random: RandomStream): number {
  return step * random.integer(minimum / step, maximum / step);
}

/** Draws one or two steps, up or down. */
function smallStep(random: RandomStream): number {
  return random.pick([-2, -1, 1, 2]);
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(Math.max(value, minimum), maximum);
}
