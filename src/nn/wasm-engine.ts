import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { EvopatchError } from '../core/errors.ts';
import type { Arena, Engine } from './arena.ts';

const PAGE_BYTES = 65_536;
const LINE_BYTES = 64;

/** Best first. Relaxed SIMD has the fused multiply-add. */
const VARIANTS = [
  { name: 'relaxed', fused: true },
  { name: 'simd', fused: false },
] as const;

const compiled = new Map<string, WebAssembly.Module>();

/** The modules that this runtime accepts, best first. */
export async function availableWasmVariants(): Promise<ReadonlyMap<string, WebAssembly.Module>> {
  if (compiled.size > 0) return compiled;
  for (const { name } of VARIANTS) {
    const bytes = await readFile(new URL(`../../dist/kernels/${name}.wasm`, import.meta.url));
    if (!WebAssembly.validate(bytes) && name === 'relaxed')
      setFlagsFromString('--experimental-wasm-relaxed-simd');
    if (WebAssembly.validate(bytes)) compiled.set(name, await WebAssembly.compile(bytes));
  }
  return compiled;
}

export function wasmEngine(modules: ReadonlyMap<string, WebAssembly.Module>, name: string): Engine {
  const module = modules.get(name) as WebAssembly.Module;
  const fused = VARIANTS.some((variant) => variant.name === name && variant.fused);
  return {
    name: 'wasm',
    variant: name,
    numerics: fused ? 'fused' : 'unfused',
    vectorWidth: 4,
    createArena: (words) => createArena(module, name, words),
  };
}

/** Each arena is the memory of an instance of its own, behind the module's constants and stack. */
function createArena(module: WebAssembly.Module, name: string, words: number): Arena {
  try {
    const memory = new WebAssembly.Memory({ initial: 4 });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const heap = (exports.__heap_base as WebAssembly.Global).value as number;
    const base = Math.ceil(heap / LINE_BYTES) * LINE_BYTES;
    const pages = Math.ceil((base + words * 4) / PAGE_BYTES);
    if (pages > 4) memory.grow(pages - 4);
    const run = exports[`evopatch_run_${name}`] as (...words: number[]) => void;
    return {
      floats: new Float32Array(memory.buffer, base, words),
      integers: new Int32Array(memory.buffer, base, words),
      bytes: new Uint8Array(memory.buffer, base, words * 4),
      run: (tensors, program, blocks) => run(base, tensors, program, blocks),
    };
  } catch (cause) {
    const given = `${Math.ceil((words * 4) / 2 ** 20)} MB`;
    throw new EvopatchError('ENGINE_UNAVAILABLE', 'the memory for a network cannot be had', { given }, cause);
  }
}
