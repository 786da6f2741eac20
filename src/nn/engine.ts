import { EvopatchError } from '../core/errors.ts';
import { availableNativeVariants, nativeEngine } from './native-engine.ts';
import { availableWasmVariants, wasmEngine } from './wasm-engine.ts';

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
}

export const ENGINE_NAMES = ['auto', 'native', 'wasm'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/**
 * Opens an engine. 'auto' takes the native one where it was built, else WebAssembly; the environment variable
 * `EVOPATCH_ENGINE` stands in for 'auto'. A variant may be named behind a colon, as in 'native:avx2' or 'wasm:simd'.
 *
 * @throws EvopatchError `ENGINE_UNAVAILABLE` where it cannot run here, `INVALID_OPTION` where there is no such engine.
 */
export async function openEngine(choice: string = 'auto'): Promise<Engine> {
  const wanted = choice === 'auto' ? process.env.EVOPATCH_ENGINE || 'auto' : choice;
  const [name, variant] = wanted.split(':');
  if (!ENGINE_NAMES.some((known) => known === name)) {
    throw new EvopatchError('INVALID_OPTION', 'there is no such engine', {
      option: 'engine',
      given: wanted,
      hint: `Choose one of ${ENGINE_NAMES.join(', ')}`,
    });
  }
  const native = name === 'wasm' ? [] : availableNativeVariants();
  if (name === 'native' || (name === 'auto' && native.length > 0)) {
    return nativeEngine(
      native,
      choose(
        'native',
        native.map((one) => one.name),
        variant,
      ),
    );
  }
  const wasm = await availableWasmVariants();
  return wasmEngine(wasm, choose('wasm', [...wasm.keys()], variant));
}

function choose(name: string, available: readonly string[], wanted: string | undefined): string {
  const chosen = wanted ?? available[0];
  if (chosen !== undefined && available.includes(chosen)) return chosen;
  throw new EvopatchError('ENGINE_UNAVAILABLE', `the engine '${name}' cannot run here`, {
    option: 'engine',
    given: wanted === undefined ? name : `${name}:${wanted}`,
    hint:
      available.length > 0
        ? `Available here: ${available.map((one) => `${name}:${one}`).join(', ')}`
        : "Build with a C compiler for 'native', or use 'auto'",
  });
}
