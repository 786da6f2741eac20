import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { packageFile } from '../core/package-files.ts';

/** The files of the modules, best first. */
const VARIANTS = {
  relaxed: () => new URL('../../dist/kernels/relaxed.wasm', import.meta.url),
  simd: () => new URL('../../dist/kernels/simd.wasm', import.meta.url),
};

const compiled = new Map<string, WebAssembly.Module>();

/**
 * Compiles the modules that this runtime accepts, best first.
 *
 * @throws EvopatchError `MISSING_PACKAGE` if their files are missing.
 */
export async function availableWasmVariants(): Promise<ReadonlyMap<string, WebAssembly.Module>> {
  if (compiled.size > 0) return compiled;
  for (const [name, beside] of Object.entries(VARIANTS)) {
    const bytes = await readFile(packageFile(`kernels/${name}.wasm`, beside));
    if (!WebAssembly.validate(bytes) && name === 'relaxed') {
      setFlagsFromString('--experimental-wasm-relaxed-simd');
    }
    if (WebAssembly.validate(bytes)) compiled.set(name, await WebAssembly.compile(bytes));
  }
  return compiled;
}

// The part of the WebAssembly API that is used here. Node has it, but TypeScript has types for browsers only.
declare namespace WebAssembly {
  class Module {}
  function validate(bytes: Uint8Array): boolean;
  function compile(bytes: Uint8Array): Promise<Module>;
}
