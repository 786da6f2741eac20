import type { CropLayer } from '../network/spec.ts';
import { LEVELS } from '../nn/forward-steps.ts';
import type { Graph } from './graph.ts';
import { DATA_TYPES } from './schema.ts';

/** The minimum variance of a frame that is normalised, as in `frameStatistics`. */
const MINIMUM_VARIANCE = 1;

/** Adds what turns the graph's input, grey levels from 0 to 255 ([N][1][size][size]), into what crops read. */
export class FrameNodes {
  readonly #graph: Graph;
  readonly #input: string;
  readonly #size: number;
  /** The scaled frames by their levels, made when first read. */
  readonly #scaled = new Map<CropLayer['levels'], string>();
  #levels: string | undefined;

  constructor(graph: Graph, input: string, size: number) {
    this.#graph = graph;
    this.#input = input;
    this.#size = size;
  }

  /** Adds a crop and returns the name of its output, [N][1][height][width]. */
  crop({ x, y, width, height, mirror, levels }: CropLayer, name: string): string {
    // A slice backwards ends before its first column; an end before column 0 counts from the right, hence once more.
    const [first, end, step] = mirror ? [x + width - 1, x - 1 - this.#size, -1] : [x, x + width, 1];
    const graph = this.#graph;
    const bounds = [
      graph.integers(`${name}/starts`, [y, first]),
      graph.integers(`${name}/ends`, [y + height, end]),
      graph.integers(`${name}/axes`, [2, 3]),
      graph.integers(`${name}/steps`, [1, step]),
    ];
    return graph.node('Slice', [this.#frames(levels), ...bounds], name);
  }

  #frames(levels: CropLayer['levels']): string {
    const known = this.#scaled.get(levels);
    if (known !== undefined) return known;
    this.#levels ??= this.#graph.node('Cast', [this.#input], 'levels', { to: DATA_TYPES.float32 });
    const scaled = levels === undefined ? this.#normalized(this.#levels) : this.#fixed(this.#levels, levels);
    this.#scaled.set(levels, scaled);
    return scaled;
  }

  /**
   * (x − mean) / max(variance, 1)^½, both of the whole frame. Means are those of the rows' means, since a runtime may add up
   * the 4,096 numbers of a frame one after another and lose digits.
   */
  #normalized(levels: string): string {
    const graph = this.#graph;
    const minimum = graph.constant('minimum-variance', Float32Array.of(MINIMUM_VARIANCE), []);
    const meanOf = (of: string, name: string) => {
      const rows = graph.node('ReduceMean', [of, graph.integers('columns', [3])], `${name}/rows`);
      return graph.node('ReduceMean', [rows, graph.integers('rows', [2])], name);
    };
    const centred = graph.node('Sub', [levels, meanOf(levels, 'mean')], 'centred');
    const variance = meanOf(graph.node('Mul', [centred, centred], 'squares'), 'variance');
    const deviation = graph.node('Sqrt', [graph.node('Max', [variance, minimum], 'limited')], 'deviation');
    return graph.node('Div', [centred, deviation], 'normalized');
  }

  #fixed(levels: string, kind: keyof typeof LEVELS): string {
    const { zero, scale } = LEVELS[kind];
    const graph = this.#graph;
    const centred = graph.node(
      'Sub',
      [levels, graph.constant(`${kind}/zero`, Float32Array.of(zero), [])],
      `${kind}/centred`,
    );
    return graph.node('Mul', [centred, graph.constant(`${kind}/scale`, Float32Array.of(scale), [])], kind);
  }
}
