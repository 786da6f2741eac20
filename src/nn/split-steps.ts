import type { Layout } from './layout.ts';
import { LANES } from './layout.ts';
import { ALL_BLOCKS, encodeProgram, type Step, type StepName } from './program.ts';

/** For each thread its program between two barriers; nothing where the thread has nothing to do. */
export type Segment = readonly (Int32Array<ArrayBuffer> | undefined)[];

/** A thread's part of `count` things: from `first` to before `end`. */
interface Part {
  readonly first: number;
  readonly end: number;
}

type Share = (count: number, unit: number) => Part;

/**
 * Splits a training step among threads, in segments with a barrier behind each. What is independent is split by blocks.
 * What adds up over blocks (weight gradients, statistics of the batch) is split by channels instead, and its thread runs
 * through all blocks in order: every sum has the same terms in the same order as on one thread, so it has the same bits.
 *
 * @param layout where further views of tensors are added
 */
export function splitSteps(steps: readonly Step[], layout: Layout, threads: number): Segment[] {
  const numbers = Array.from({ length: threads }, (_, thread) => thread);
  return phasesOf(steps).map((phase) =>
    numbers.map((thread) => {
      if (phase.byBlocks) return encodeProgram(phase.steps, { first: thread, stride: threads });
      const own = phase.steps.flatMap((step, i) => partOf(step, i, thread, threads, layout));
      return own.length === 0 ? undefined : encodeProgram(own, ALL_BLOCKS);
    }),
  );
}

interface Phase {
  readonly byBlocks: boolean;
  readonly steps: Step[];
}

/** Steps that add something of every block to one place. */
const ADDING_UP: ReadonlySet<StepName> = new Set([
  'conv2d_weight_gradient',
  'depthwise_conv2d_weight_gradient',
  'bias_gradient',
  'dense_weight_gradient',
  'update_running',
  'normalize_parameters_gradient',
]);

/** Whether nothing that follows in the blocks reads what a step of the batch writes, so that it can wait for the end. */
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

/** The last phase, where a step of the batch may run beside its steps, or a new one. */
function phaseOf(phases: Phase[], step: Step): Phase {
  const last = phases.at(-1);
  const statistics = step.name === 'batch_statistics' || step.name === 'batch_normalize_sums';
  const beside = last?.steps.every(({ name }) => name === step.name || (statistics && ADDING_UP.has(name)));
  if (last !== undefined && !last.byBlocks && beside) return last;
  const phase: Phase = { byBlocks: false, steps: [] };
  phases.push(phase);
  return phase;
}

/** A thread's part of a step: a step or none. Equal shares of equal counts, so that shared weights stay with one thread. */
function partOf(step: Step, place: number, thread: number, threads: number, layout: Layout): Step[] {
  const share: Share = (count, unit) => {
    const units = Math.ceil(count / unit);
    const first = Math.floor((units * thread) / threads) * unit;
    return { first, end: Math.min(count, Math.floor((units * (thread + 1)) / threads) * unit) };
  };
  const split = SPLITS[step.name];
  if (split === undefined) {
    const owner = step.name === 'conv2d_transpose_weights' ? place % threads : 0;
    return thread === owner ? [step] : [];
  }
  const words = split(step.words, share, layout);
  return words === undefined ? [] : [{ ...step, words }];
}

/** How the words of a step become those of a part; `undefined` where the part is empty. */
type Split = (words: readonly number[], share: Share, layout: Layout) => number[] | undefined;

/** Filters that the kernels take at a time on most targets. */
const TILE = 4;

const SPLITS: Partial<Record<StepName, Split>> = {
  conv2d_weight_gradient([x, dy, lanes, ...window], share, layout) {
    const filter = layout.get(x).channels * window[0] * window[1];
    const part = channelsOf(dy, share, layout);
    return part && [x, part.id, lanes + part.first * filter * LANES, ...window];
  },
  depthwise_conv2d_weight_gradient([x, dy, lanes, ...window], share, layout) {
    const input = channelsOf(x, share, layout);
    const part = channelsOf(dy, share, layout);
    return (
      input && part && [input.id, part.id, lanes + part.first * window[0] * window[1] * LANES, ...window]
    );
  },
  bias_gradient([dy, lanes], share, layout) {
    const part = channelsOf(dy, share, layout);
    return part && [part.id, lanes + part.first * LANES];
  },
  /** By inputs: the units are lanes. Each thread turns the output's gradient round for itself. */
  dense_weight_gradient([x, dy, gradient, bias], share, layout) {
    const part = channelsOf(x, share, layout);
    const width = Math.ceil(layout.get(dy).channels / LANES) * LANES;
    const scratch = layout.reserve(LANES * width);
    return part && [part.id, dy, gradient + part.first * width, part.first === 0 ? bias : -1, scratch];
  },
  batch_statistics([x, statistics, first, end], share) {
    return range(share(end - first, 1), (part) => [x, statistics, part.first, part.end]);
  },
  batch_normalize_sums(words, share) {
    const [first, end] = words.slice(-2);
    return range(share(end - first, 1), (part) => [...words.slice(0, -2), part.first, part.end]);
  },
  fill_zero([offset, count], share) {
    return range(share(count, LANES), ({ first, end }) => [offset + first, end - first]);
  },
  reduce_lanes([lanes, gradient, count], share) {
    return range(share(count, LANES), ({ first, end }) => [
      lanes + first * LANES,
      gradient + first,
      end - first,
    ]);
  },
  weight_penalty([weights, gradient, count, factor], share) {
    return range(share(count, LANES), ({ first, end }) => [
      weights + first,
      gradient + first,
      end - first,
      factor,
    ]);
  },
  adamw: update,
  sgd: update,
};

function update([weights, gradient, first, second, count, ...settings]: readonly number[], share: Share) {
  return range(share(count, LANES), (part) => [
    ...[weights, gradient, first, second].map((place) => place + part.first),
    part.end - part.first,
    ...settings,
  ]);
}

function range(part: Part, words: (part: Part) => number[]): number[] | undefined {
  return part.end > part.first ? words(part) : undefined;
}

/** A view of some channels and the first of them. */
function channelsOf(tensor: number, share: Share, layout: Layout) {
  const whole = layout.get(tensor);
  const { first, end } = share(whole.channels, TILE);
  return end > first ? { id: layout.channels(whole, first, end - first).id, first } : undefined;
}
