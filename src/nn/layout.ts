import { type Shape, sizeOf } from '../network/describe.ts';

/** Samples of a block: the lanes of a kernel's vectors. */
export const LANES = 16;

/** Rounds up to a multiple of LANES. */
export function padToLanes(count: number): number {
  return Math.ceil(count / LANES) * LANES;
}

/** Words of a row of the tensor table. */
const TENSOR_WORDS = 7;

/** A tensor of [blocks][channels][height][width] positions in the arena; strides and offsets count words. */
export interface Tensor {
  /** Row in the tensor table. */
  readonly id: number;
  /** Start of the memory that it lies in, alone or with others. */
  readonly memory: number;
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

/** Positions of zeros before and after the rows (and columns) of a map. */
export interface Halo {
  readonly before: readonly [y: number, x: number];
  readonly after: readonly [y: number, x: number];
}

export const NO_HALO: Halo = { before: [0, 0], after: [0, 0] };

/** Returns the smallest halo that covers both. */
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

/** Lays out an arena: gives every buffer of a plan its offset, once, before anything runs. */
export class Layout {
  #words = 0;
  readonly #tensors: Tensor[] = [];
  readonly blocks: number;

  constructor(blocks: number) {
    this.blocks = blocks;
  }

  /** Words reserved so far. */
  get words(): number {
    return this.#words;
  }

  /** Reserves words that begin on a cache line; returns their offset. */
  reserve(words: number): number {
    const offset = this.#words;
    this.#words += padToLanes(words);
    return offset;
  }

  /** Reserves a tensor; unless it is `perBlock`, the next block overwrites it. */
  tensor(shape: Shape, perBlock: boolean, halo: Halo = NO_HALO): Tensor {
    const { channels, height, width } = shape;
    const rowStride = (width + halo.before[1] + halo.after[1]) * LANES;
    const channelStride = (height + halo.before[0] + halo.after[0]) * rowStride;
    const words = channels * channelStride;
    const start = this.reserve(words * (perBlock ? this.blocks : 1));
    const offset = start + halo.before[0] * rowStride + halo.before[1] * LANES;
    const blockStride = perBlock ? words : 0;
    return this.#add({
      memory: start,
      offset,
      blockStride,
      channels,
      height,
      width,
      rowStride,
      channelStride,
      halo,
    });
  }

  /** Views some channels of a tensor as a tensor of their own. */
  channels(of: Tensor, first: number, channels: number): Tensor {
    return this.#add({ ...of, offset: of.offset + first * of.channelStride, channels });
  }

  /** Views a part of a flat tensor as a map. */
  unflattened(of: Tensor, shape: Shape): Tensor {
    const rowStride = shape.width * LANES;
    return this.#add({ ...of, ...shape, rowStride, channelStride: shape.height * rowStride, halo: NO_HALO });
  }

  /** Views a tensor without a halo as a flat one. */
  flattened(of: Tensor): Tensor {
    const channels = sizeOf(of);
    const flat = { channels, height: 1, width: 1, rowStride: LANES, channelStride: LANES };
    return this.#add({ ...of, ...flat });
  }

  /** Writes the table of all tensors, which the kernels read. */
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
