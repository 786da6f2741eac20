/** Samples of a block: the lanes of a kernel's vectors. */
export const LANES = 16;

/** The next multiple of LANES. */
export function padToLanes(count: number): number {
  return Math.ceil(count / LANES) * LANES;
}

/** Words of a row of the tensor table. */
const TENSOR_WORDS = 7;

/** A tensor of [blocks][channels][height][width] positions in the arena; strides and offsets count words. */
export interface Tensor {
  /** Row in the tensor table. */
  readonly id: number;
  /** First real position of the first block. */
  readonly offset: number;
  readonly blockStride: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly rowStride: number;
  readonly channelStride: number;
  /** Zeros around every channel that no step ever writes. */
  readonly halo: Halo;
}

/** Positions of zeros before and behind the rows (and columns) of a map. */
export interface Halo {
  readonly before: readonly [y: number, x: number];
  readonly after: readonly [y: number, x: number];
}

export const NO_HALO: Halo = { before: [0, 0], after: [0, 0] };

/** The smallest halo that is wide enough for both. */
export function widerHalo(a: Halo, b: Halo): Halo {
  const wider = (p: readonly [number, number], q: readonly [number, number]) =>
    [Math.max(p[0], q[0]), Math.max(p[1], q[1])] as const;
  return { before: wider(a.before, b.before), after: wider(a.after, b.after) };
}

/** Whether `halo` is at least as wide as `wanted` on every side. */
export function halosCover(halo: Halo, wanted: Halo): boolean {
  const wider = widerHalo(halo, wanted);
  return JSON.stringify(wider) === JSON.stringify(halo);
}

interface MapShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Lays out an arena: every buffer of a plan gets its place once, before anything runs. */
export class Layout {
  #words = 0;
  readonly #tensors: Tensor[] = [];
  readonly blocks: number;

  constructor(blocks: number) {
    this.blocks = blocks;
  }

  /** Words handed out so far. */
  get words(): number {
    return this.#words;
  }

  /** Reserves words that begin on a cache line. */
  reserve(words: number): number {
    const offset = this.#words;
    this.#words += padToLanes(words);
    return offset;
  }

  /** Reserves a tensor; one that is not `perBlock` is written over by the next block. */
  tensor(shape: MapShape, perBlock: boolean, halo: Halo = NO_HALO): Tensor {
    const { channels, height, width } = shape;
    const rowStride = (width + halo.before[1] + halo.after[1]) * LANES;
    const channelStride = (height + halo.before[0] + halo.after[0]) * rowStride;
    const words = channels * channelStride;
    const start = this.reserve(words * (perBlock ? this.blocks : 1));
    const offset = start + halo.before[0] * rowStride + halo.before[1] * LANES;
    const blockStride = perBlock ? words : 0;
    return this.#add({ offset, blockStride, channels, height, width, rowStride, channelStride, halo });
  }

  /** Some channels of a tensor as a tensor of its own. */
  channels(of: Tensor, first: number, channels: number): Tensor {
    return this.#add({ ...of, offset: of.offset + first * of.channelStride, channels });
  }

  /** Part of a flat tensor seen as a map. */
  unflattened(of: Tensor, shape: MapShape): Tensor {
    const rowStride = shape.width * LANES;
    return this.#add({ ...of, ...shape, rowStride, channelStride: shape.height * rowStride, halo: NO_HALO });
  }

  /** A tensor seen as a flat one; only one without a halo can be. */
  flattened(of: Tensor): Tensor {
    const channels = of.channels * of.height * of.width;
    const flat = { channels, height: 1, width: 1, rowStride: LANES, channelStride: LANES };
    return this.#add({ ...of, ...flat });
  }

  /** The table of all tensors, as kernels read it. */
  table(): Int32Array {
    const words = new Int32Array(this.#tensors.length * TENSOR_WORDS);
    for (const t of this.#tensors) {
      const row = [t.offset, t.blockStride, t.channels, t.height, t.width, t.rowStride, t.channelStride];
      words.set(row, t.id * TENSOR_WORDS);
    }
    return words;
  }

  #add(tensor: Omit<Tensor, 'id'>): Tensor {
    const added = { ...tensor, id: this.#tensors.length };
    this.#tensors.push(added);
    return added;
  }
}
