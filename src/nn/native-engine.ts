import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { EvopatchError } from '../core/errors.ts';
import type { Arena, Engine } from './arena.ts';

interface Addon {
  variants(): NativeVariant[];
  createArena(bytes: number): ArrayBuffer;
  run(variant: number, arena: ArrayBuffer, tensors: number, program: number, blocks: number): void;
}

export interface NativeVariant {
  readonly name: string;
  readonly fused: boolean;
}

const VECTOR_WIDTHS: Readonly<Record<string, number>> = { avx512: 16, avx2: 8 };

/** As many as WebAssembly's memory holds; offsets of 32 bits reach them all. */
const MOST_WORDS = 2 ** 30;

let addon: Addon | undefined;

/** What the add-on offers on this processor, best first; empty where it was not built. */
export function availableNativeVariants(): readonly NativeVariant[] {
  try {
    addon ??= createRequire(import.meta.url)(
      fileURLToPath(new URL('../../dist/kernels/native.node', import.meta.url)),
    ) as Addon;
    return addon.variants();
  } catch {
    return []; // no compiler when the package was built, or another platform than then
  }
}

export function nativeEngine(variants: readonly NativeVariant[], name: string): Engine {
  const loaded = addon as Addon;
  const number = variants.findIndex((variant) => variant.name === name);
  return {
    name: 'native',
    variant: name,
    numerics: variants[number].fused ? 'fused' : 'unfused',
    vectorWidth: VECTOR_WIDTHS[name] ?? 4,
    createArena: (words) => createArena(loaded, number, words),
  };
}

function createArena(loaded: Addon, variant: number, words: number): Arena {
  try {
    if (words > MOST_WORDS) throw new RangeError(`an arena has at most ${MOST_WORDS} words`);
    const buffer = loaded.createArena(words * 4);
    return {
      floats: new Float32Array(buffer),
      integers: new Int32Array(buffer),
      bytes: new Uint8Array(buffer),
      run: (tensors, program, blocks) => loaded.run(variant, buffer, tensors, program, blocks),
    };
  } catch (cause) {
    const given = `${Math.ceil((words * 4) / 2 ** 20)} MB`;
    throw new EvopatchError('ENGINE_UNAVAILABLE', 'the memory for a network cannot be had', { given }, cause);
  }
}
