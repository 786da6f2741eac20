import { LANES, type Layout } from './layout.ts';
import { batch, type Step } from './program.ts';
import { PRODUCTS } from './winograd.ts';

/** Sums of a gradient, and the step that reduces their lanes to it. */
interface LaneSum {
  readonly lanes: number;
  /** Number of sums, of LANES words each. */
  readonly count: number;
  readonly reduction: Step;
}

/** Places the gradients that a batch adds up lane by lane; layers that share weights add to the same sums. */
export class LaneSums {
  readonly #layout: Layout;
  readonly #gradientShift: number;
  readonly #sums = new Map<number, LaneSum>();

  /** @param gradientShift distance from a parameter to its gradient in the arena */
  constructor(layout: Layout, gradientShift: number) {
    this.#layout = layout;
    this.#gradientShift = gradientShift;
  }

  /** The steps before the first block. */
  zeros(): Step[] {
    return [...this.#sums.values()].map(({ lanes, count }) =>
      batch('fill_zero', { offset: lanes, count: count * LANES }),
    );
  }

  /** The steps at the end of the batch. */
  reductions(): Step[] {
    return [...this.#sums.values()].map(({ reduction }) => reduction);
  }

  /** Returns the offset of the lanes of `count` weights. */
  of(parameter: number, count: number): number {
    return this.#place(parameter, count, (lanes, gradient) =>
      batch('reduce_lanes', { lanes, gradient, count }),
    );
  }

  /** Returns the offset of the lanes of products, as Winograd's form of a weight gradient adds them up. */
  ofProducts(weights: number, filters: number, channels: number): number {
    return this.#place(weights, PRODUCTS * filters * channels, (lanes, gradient) =>
      batch('winograd_reduce_lanes', { lanes, gradient, filters, channels }),
    );
  }

  #place(parameter: number, count: number, reduce: (lanes: number, gradient: number) => Step): number {
    const known = this.#sums.get(parameter);
    if (known) return known.lanes;
    const lanes = this.#layout.reserve(count * LANES);
    const reduction = reduce(lanes, parameter + this.#gradientShift);
    this.#sums.set(parameter, { lanes, count, reduction });
    return lanes;
  }
}
