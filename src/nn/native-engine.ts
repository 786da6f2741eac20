import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
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
  const buffer = loaded.createArena(words * 4);
  return {
    floats: new Float32Array(buffer),
    integers: new Int32Array(buffer),
    bytes: new Uint8Array(buffer),
    run: (tensors, program, blocks) => loaded.run(variant, buffer, tensors, program, blocks),
  };
}
