/** Memory of one plan: every weight, activation and program lies in it. Offsets count 32-bit words. */
export interface Arena {
  readonly floats: Float32Array;
  readonly integers: Int32Array;
  readonly bytes: Uint8Array;
  /** Runs the program at an offset over a batch of blocks; `tensors` is the offset of the tensor table. */
  run(tensors: number, program: number, blocks: number): void;
}

/**
 * What runs a network. Engines of the same numerics give the same bits: 'fused' rounds a multiply-add once, 'unfused'
 * twice. Records of different numerics are never mixed.
 */
export interface Engine {
  readonly name: 'native' | 'wasm';
  /** The instruction set: avx512, avx2, fma128, sse2, neon; relaxed, simd. */
  readonly variant: string;
  readonly numerics: 'fused' | 'unfused';
  /** Floats in one register. */
  readonly vectorWidth: number;
  /** Memory of zeros, `words` 32-bit words long. */
  createArena(words: number): Arena;
  /** Where the engine can work on one memory with several threads. */
  readonly shared?: SharedArenas;
}

/** Arenas on which several threads of this process work at a time. */
export interface SharedArenas {
  /** Memory of zeros that other threads can `open`. */
  create(words: number): SharedMemory;
  open(memory: SharedMemory): Arena;
}

/** Can be posted to another thread, which then sees the same memory. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  readonly words: number;
}
