import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EvopatchError } from '../core/errors.ts';
import { networkMemoryError } from '../core/memory-error.ts';
import { packageFile, packageRoot } from '../core/package-files.ts';
import type { Arena, Engine } from './arena.ts';

interface Addon {
  variants(): NativeVariant[];
  createArena(bytes: number): ArrayBuffer;
  /** Asks the system for large pages for an array that nobody has touched yet. */
  largePages(array: Uint8Array): void;
  /** Bytes from the start of an array to the next cache line. */
  untilLine(array: Uint8Array): number;
  run(variant: number, arena: Float32Array, tensors: number, program: number, blocks: number): void;
}

export interface NativeVariant {
  readonly name: string;
  readonly fused: boolean;
}

const VECTOR_WIDTHS: Readonly<Record<string, number>> = { avx512: 16, avx2: 8 };

/** Limit of an arena, as of WebAssembly's memory; 32-bit offsets reach all of it. */
const MAX_WORDS = 2 ** 30;

const LINE_BYTES = 64;

/** The add-on, and the mark that it was built, in `dist/`. */
export const NATIVE_FILE = 'kernels/native.node';
export const BUILT_MARK = 'kernels/native.built';

let addon: Addon | undefined;

/** Tells whether native kernels were built, though they may be lost or damaged by now. */
export function nativeWasBuilt(): boolean {
  const root = packageRoot();
  return root !== undefined && [NATIVE_FILE, BUILT_MARK].some((name) => existsSync(join(root, 'dist', name)));
}

/**
 * Lists the variants that this processor can run, best first. The list is empty if the add-on cannot be loaded, because
 * the package was built without a compiler or on another system.
 *
 * @param onFailure called with the reason why the add-on cannot be loaded
 */
export function availableNativeVariants(onFailure?: (reason: string) => void): readonly NativeVariant[] {
  try {
    addon ??= loadAddon();
    return addon.variants();
  } catch (cause) {
    onFailure?.(cause instanceof EvopatchError ? cause.problem : (cause as Error).message);
    return [];
  }
}

function loadAddon(): Addon {
  const file = packageFile(NATIVE_FILE, () => {
    return new URL(/* webpackIgnore: true */ '../../dist/kernels/native.node', import.meta.url);
  });
  return createRequire(file)(file);
}

export function nativeEngine(variants: readonly NativeVariant[], name: string): Engine {
  const loaded = addon as Addon;
  const number = variants.findIndex((variant) => variant.name === name);
  return {
    name: 'native',
    variant: name,
    numerics: variants[number].fused ? 'fused' : 'unfused',
    vectorWidth: VECTOR_WIDTHS[name] ?? 4,
    createArena: (words) =>
      arenaOn(
        loaded,
        number,
        allocate(words, (bytes) => loaded.createArena(bytes)),
        0,
        words,
      ),
    shared: {
      create: (words) => {
        const buffer = allocate(words, (bytes) => new SharedArrayBuffer(bytes + LINE_BYTES));
        loaded.largePages(new Uint8Array(buffer));
        return { words, buffer };
      },
      open: ({ buffer, words }) => {
        return arenaOn(loaded, number, buffer, loaded.untilLine(new Uint8Array(buffer)), words);
      },
    },
  };
}

function arenaOn(
  loaded: Addon,
  variant: number,
  buffer: ArrayBuffer | SharedArrayBuffer,
  start: number,
  words: number,
): Arena {
  const floats = new Float32Array(buffer, start, words);
  return {
    floats,
    integers: new Int32Array(buffer, start, words),
    bytes: new Uint8Array(buffer, start, words * 4),
    run: (tensors, program, blocks) => loaded.run(variant, floats, tensors, program, blocks),
  };
}

function allocate<Memory>(words: number, create: (bytes: number) => Memory): Memory {
  try {
    if (words > MAX_WORDS) throw new RangeError(`an arena has at most ${MAX_WORDS} words`);
    return create(words * 4);
  } catch (cause) {
    throw networkMemoryError(words, cause);
  }
}
