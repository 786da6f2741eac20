import { LANES, type Layout, padToLanes } from './layout.ts';
import { batch, type Step } from './program.ts';
import { PRODUCTS, TAPS } from './winograd.ts';

/** Sums of a gradient, and the step that computes it from them. */
interface LaneSum {
  readonly offset: number;
  readonly words: number;
  readonly reduction: Step;
}

/** Places what a batch adds up for the gradients of convolutions; layers that share weights add to the same sums. */
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
    return [...this.#sums.values()].map(({ offset, words }) => batch('fill_zero', { offset, count: words }));
  }

  /** The steps at the end of the batch. */
  reductions(): Step[] {
    return [...this.#sums.values()].map(({ reduction }) => reduction);
  }

  /** Returns the offset of the lanes of `count` weights. */
  of(parameter: number, count: number): number {
    return this.#place(parameter, count * LANES, (lanes, gradient) =>
      batch('reduce_lanes', { lanes, gradient, count }),
    );
  }

  /** Returns the offset of the sums of products, as Winograd's form of a weight gradient adds them up. */
  ofProducts(weights: number, filters: number, channels: number): number {
    const filter_words = TAPS * channels;
    return this.#place(weights, PRODUCTS * channels * padToLanes(filters), (sums, gradient) =>
      batch('winograd_gradient_taps', { sums, gradient, filters, channels, filter_words }),
    );
  }

  #place(parameter: number, words: number, reduce: (offset: number, gradient: number) => Step): number {
    const known = this.#sums.get(parameter);
    if (known) return known.offset;
    const offset = this.#layout.reserve(words);
    const reduction = reduce(offset, parameter + this.#gradientShift);
    this.#sums.set(parameter, { offset, words, reduction });
    return offset;
  }
}
