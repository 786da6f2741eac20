import type { OpenSession } from './network-session.ts';

/** The memory of one plan, which holds every weight, activation and program. Offsets count 32-bit words. */
export interface Arena {
  readonly floats: Float32Array;
  readonly integers: Int32Array;
  readonly bytes: Uint8Array;
  /** Runs the program at an offset over a batch of blocks; `tensors` is the offset of the tensor table. */
  run(tensors: number, program: number, blocks: number): void;
}

/**
 * Runs networks. Engines of the same numerics give the same bits: 'fused' rounds a multiply-add once, 'unfused' twice; those of
 * 'tfjs', TensorFlow.js, are the same only on one machine. Nothing mixes records of different numerics.
 */
export interface Engine {
  readonly name: 'native' | 'wasm' | 'tfjs' | 'tfjs-node';
  /** The instruction set: avx512, avx2, fma128, sse2, neon; relaxed, simd. For TensorFlow.js its backend: tensorflow, cpu. */
  readonly variant: string;
  readonly numerics: 'fused' | 'unfused' | 'tfjs';
  /** Floats in one register. */
  readonly vectorWidth: number;
  /**
   * Allocates `words` 32-bit words of zeros.
   *
   * @throws EvopatchError `ENGINE_UNAVAILABLE` if there is no memory, or the engine has no kernels
   */
  createArena(words: number): Arena;
  /**
   * Present if the engine has no kernels, but another way to run networks.
   *
   * @internal
   */
  readonly openSession?: OpenSession;
  /** Present if several threads can work on one memory. */
  readonly shared?: SharedArenas;
}

/** Makes arenas that several threads of this process use at the same time. */
export interface SharedArenas {
  /** Allocates zeros that other threads can `open`. */
  create(words: number): SharedMemory;
  open(memory: SharedMemory): Arena;
}

/** Memory that can be posted to another thread, which then sees the same words. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  readonly words: number;
}
