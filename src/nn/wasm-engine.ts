import { networkMemoryError } from '../core/memory-error.ts';
import type { Arena, Engine } from './arena.ts';
import { batch, encodeProgram } from './program.ts';

const PAGE_BYTES = 65_536;
const LINE_BYTES = 64;

/** V8 reserves 10 GB of addresses for each memory of WebAssembly, however small it is. */
const MEMORY_HINT =
  'WebAssembly needs 10 GB of addresses for each network: raise `ulimit -v`, or use --engine native';

/**
 * Makes the engine of a compiled module.
 *
 * @param name its variant, 'relaxed' or 'simd'
 */
export function wasmEngine(module: WebAssembly.Module, name: string): Engine {
  return {
    name: 'wasm',
    variant: name,
    numerics: roundsOnce(module, name) ? 'fused' : 'unfused',
    vectorWidth: 4,
    createArena: (words) => createArena(module, name, words),
  };
}

/** Creates an arena in the memory of its own instance, after the module's constants and stack. */
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
    throw networkMemoryError(words, cause, MEMORY_HINT);
  }
}

/**
 * Whether a multiply-add is rounded once. Relaxed SIMD leaves that to the processor, so this runs the step 'peak', which
 * starts chains at 0 to 11 and maps each sixteen times by x → x · 0.999 + 0.001.
 */
function roundsOnce(module: WebAssembly.Module, name: string): boolean {
  const arena = createArena(module, name, 64);
  const sink = 32;
  arena.integers.set(encodeProgram([batch('peak', { rounds: 1, sink })]));
  arena.run(0, 0, 1);
  const factor = Math.fround(0.999);
  const term = Math.fround(0.001);
  let sum = 0;
  for (let chain = 0; chain < 12; chain++) {
    let x = chain;
    for (let i = 0; i < 16; i++) x = Math.fround(x * factor + term); // the product of two floats is exact here
    sum = Math.fround(sum + x);
  }
  return arena.floats[sink] === sum;
}

// The part of the WebAssembly API that the engine uses. Node has it, but TypeScript has types for browsers only.
declare namespace WebAssembly {
  class Module {}
  class Memory {
    constructor(descriptor: { initial: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Global {
    readonly value: unknown;
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
}
