import { LANES, type Layout, padToLanes, type Tensor } from './layout.ts';
import { ALL_BLOCKS, type Arguments, encodeProgram, type Step, type StepName } from './program.ts';
import { PRODUCTS, TAPS } from './winograd.ts';

/** The program of each thread between two barriers; `undefined` if the thread has nothing to do. */
export type Segment = readonly (Int32Array | undefined)[];

/** A thread's part of a range: [first, end). */
interface Part {
  readonly first: number;
  readonly end: number;
}

type Share = (count: number, unit: number) => Part;

/**
 * Splits a training step among threads, in segments with a barrier after each. Independent steps are split by blocks.
 * Steps that add up over blocks (weight gradients, statistics of the batch) are split by channels, and each thread runs
 * through all blocks in order: every sum has the same terms in the same order as on one thread, hence the same bits.
 *
 * @param layout gets further views of tensors
 * @param tileWords distance from a thread's memory for transformed tiles to that of the next
 */
export function splitSteps(
  steps: readonly Step[],
  layout: Layout,
  threads: number,
  tileWords: number,
): Segment[] {
  const numbers = Array.from({ length: threads }, (_, thread) => thread);
  return phasesOf(steps).map((phase) =>
    numbers.map((thread) => {
      const steps = phase.steps.map((step) => withOwnTiles(step, thread * tileWords));
      if (phase.byBlocks) return encodeProgram(steps, { first: thread, stride: threads });
      const own = steps.flatMap((step, i) => partOf(step, i, thread, threads, layout));
      return own.length === 0 ? undefined : encodeProgram(own, ALL_BLOCKS);
    }),
  );
}

function withOwnTiles(step: Step, distance: number): Step {
  const { tiles } = step.values;
  return typeof tiles === 'number' ? { ...step, values: { ...step.values, tiles: tiles + distance } } : step;
}

interface Phase {
  readonly byBlocks: boolean;
  readonly steps: Step[];
}

/** Steps that add up values of all blocks. */
const ADDING_UP: ReadonlySet<StepName> = new Set([
  'conv2d_weight_gradient',
  'winograd_weight_gradient',
  'depthwise_conv2d_weight_gradient',
  'bias_gradient',
  'dense_weight_gradient',
  'update_running',
  'normalize_parameters_gradient',
]);

/** Steps that prepare weights, each those of a layer. */
const PREPARING: ReadonlySet<StepName> = new Set(['conv2d_transpose_weights', 'winograd_weights']);

/** Whether a step of the batch can wait for the end, because no later step of a block reads what it writes. */
function canWait({ scope, name }: Step): boolean {
  return scope === 'batch' && ADDING_UP.has(name);
}

function phasesOf(steps: readonly Step[]): Phase[] {
  const phases: Phase[] = [];
  const lastBlock = steps.findLastIndex(({ scope }) => scope === 'block');
  const waiting = steps.filter(canWait);
  for (let i = 0; i < steps.length; ) {
    if (steps[i].scope === 'block') {
      const run: Step[] = [];
      for (; i < steps.length && (steps[i].scope === 'block' || canWait(steps[i])); i++) {
        if (steps[i].scope === 'block') run.push(steps[i]);
      }
      const adding = run.filter(({ name }) => ADDING_UP.has(name));
      phases.push({ byBlocks: true, steps: run.filter(({ name }) => !ADDING_UP.has(name)) });
      if (i > lastBlock) adding.push(...waiting);
      if (adding.length > 0) phases.push({ byBlocks: false, steps: adding });
    } else {
      if (!canWait(steps[i])) phaseOf(phases, steps[i]).steps.push(steps[i]);
      i++;
    }
  }
  return phases.filter((phase) => phase.steps.length > 0);
}

/** Returns the last phase if a step of the batch may run beside its steps, or else adds a new one. */
function phaseOf(phases: Phase[], step: Step): Phase {
  const last = phases.at(-1);
  const statistics = step.name === 'batch_statistics' || step.name === 'batch_normalize_sums';
  const beside = last?.steps.every(({ name }) => name === step.name || (statistics && ADDING_UP.has(name)));
  if (last !== undefined && !last.byBlocks && beside) return last;
  const phase: Phase = { byBlocks: false, steps: [] };
  phases.push(phase);
  return phase;
}

/** Returns a thread's part of a step, or none. Equal counts split alike, so that shared weights stay with one thread. */
function partOf(step: Step, index: number, thread: number, threads: number, layout: Layout): Step[] {
  const share: Share = (count, unit) => {
    const units = Math.ceil(count / unit);
    const first = Math.floor((units * thread) / threads) * unit;
    return { first, end: Math.min(count, Math.floor((units * (thread + 1)) / threads) * unit) };
  };
  const split: AnySplit | undefined = SPLITS[step.name];
  if (split === undefined) {
    const owner = PREPARING.has(step.name) ? index % threads : 0;
    return thread === owner ? [step] : [];
  }
  const values = split(step.values as never, share, layout);
  return values === undefined ? [] : [{ ...step, values: { ...step.values, ...values } }];
}

/** The arguments that differ in a part of a step; `undefined` if the part is empty. */
type Split<Name extends StepName> = (
  values: Arguments<Name>,
  share: Share,
  layout: Layout,
) => Partial<Arguments<Name>> | undefined;

/** The split of any step; it is only ever called with the arguments of the step whose name it has. */
type AnySplit = (values: never, share: Share, layout: Layout) => Step['values'] | undefined;

/** Channels that the kernels process at a time on most targets. */
const TILE = 4;

const SPLITS: { readonly [Name in StepName]?: Split<Name> } = {
  conv2d_weight_gradient({ in: x, dy, lanes, height, width }, share, layout) {
    const filter = x.channels * height * width;
    return range(share(dy.channels, TILE), (part) => {
      return { dy: channelsOf(dy, part, layout), lanes: lanes + part.first * filter * LANES };
    });
  },
  /** By inputs: output channels are lanes. Each thread transforms the output's gradient for itself. */
  winograd_weight_gradient({ in: x, dy, sums }, share, layout) {
    return range(share(x.channels, TILE), (part) => ({
      in: channelsOf(x, part, layout),
      sums: sums + part.first * PRODUCTS * padToLanes(dy.channels),
    }));
  },
  depthwise_conv2d_weight_gradient({ in: x, dy, lanes, height, width }, share, layout) {
    return range(share(dy.channels, TILE), (part) => ({
      in: channelsOf(x, part, layout),
      dy: channelsOf(dy, part, layout),
      lanes: lanes + part.first * height * width * LANES,
    }));
  },
  bias_gradient({ dy, lanes }, share, layout) {
    return range(share(dy.channels, TILE), (part) => {
      return { dy: channelsOf(dy, part, layout), lanes: lanes + part.first * LANES };
    });
  },
  /** By inputs: the units are lanes. Each thread transposes the output's gradient for itself. */
  dense_weight_gradient({ in: x, dy, gradient, bias_gradient }, share, layout) {
    const width = padToLanes(dy.channels);
    return range(share(x.channels, TILE), (part) => ({
      in: channelsOf(x, part, layout),
      gradient: gradient + part.first * width,
      bias_gradient: part.first === 0 ? bias_gradient : -1,
      scratch: layout.reserve(layout.blocks * LANES * width),
    }));
  },
  batch_statistics({ in: x }, share) {
    return range(share(x.channels, 1), (part) => part);
  },
  batch_normalize_sums({ in: x }, share) {
    return range(share(x.channels, 1), (part) => part);
  },
  fill_zero({ offset, count }, share) {
    return range(share(count, LANES), ({ first, end }) => ({ offset: offset + first, count: end - first }));
  },
  reduce_lanes({ lanes, gradient, count }, share) {
    return range(share(count, LANES), ({ first, end }) => ({
      lanes: lanes + first * LANES,
      gradient: gradient + first,
      count: end - first,
    }));
  },
  winograd_gradient_taps({ sums, gradient, filters, channels }, share) {
    return range(share(channels, TILE), ({ first, end }) => ({
      sums: sums + first * PRODUCTS * padToLanes(filters),
      gradient: gradient + first * TAPS,
      channels: end - first,
    }));
  },
  weight_penalty({ weights, gradient, count }, share) {
    return range(share(count, LANES), ({ first, end }) => ({
      weights: weights + first,
      gradient: gradient + first,
      count: end - first,
    }));
  },
  adamw: splitUpdate,
  sgd: splitUpdate,
};

function splitUpdate(values: Arguments<'adamw' | 'sgd'>, share: Share) {
  return range(share(values.count, LANES), ({ first, end }) => ({
    weights: values.weights + first,
    gradient: values.gradient + first,
    first_moment: values.first_moment + first,
    second_moment: values.second_moment + first,
    count: end - first,
  }));
}

function range<Values>(part: Part, valuesOf: (part: Part) => Values): Values | undefined {
  return part.end > part.first ? valuesOf(part) : undefined;
}

function channelsOf(tensor: Tensor, { first, end }: Part, layout: Layout): Tensor {
  return layout.channels(tensor, first, end - first);
}
