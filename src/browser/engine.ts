import { EvopatchError } from '../core/errors.ts';
import type { Engine } from '../nn/arena.ts';
import { wasmEngine } from '../nn/wasm-engine.ts';

/** The engines of a page: WebAssembly with relaxed SIMD, which rounds a multiply-add once, or without. */
export const PAGE_ENGINES = ['auto', 'wasm', 'wasm:relaxed', 'wasm:simd'] as const;
export type PageEngine = (typeof PAGE_ENGINES)[number];

/** Where the files of the kernels are served, `dist/kernels/predict-*.wasm` of the package. */
export interface KernelFiles {
  readonly relaxed: string | URL;
  readonly simd: string | URL;
}

export interface EngineOptions {
  /**
   * Addresses of the kernels, for bundlers that do not follow `new URL('…', import.meta.url)`.
   *
   * @defaultValue the files beside the module
   */
  readonly kernels?: KernelFiles;
}

/** Only this form, with the whole path, is what bundlers follow. */
const BESIDE = {
  relaxed: () => new URL('../../dist/kernels/predict-relaxed.wasm', import.meta.url),
  simd: () => new URL('../../dist/kernels/predict-simd.wasm', import.meta.url),
};

/** The module of one function that calls `i8x16.relaxed_swizzle`, the first instruction of relaxed SIMD. */
const RELAXED_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11],
);

/**
 * Opens the engine of a page or worker. 'auto' and 'wasm' take relaxed SIMD where the browser has it: on processors with fused
 * multiply-add it gives the bits of every `fused` engine of Node, and `simd` those of every `unfused` one.
 *
 * @throws EvopatchError `ENGINE_UNAVAILABLE` if it cannot run here, `MISSING_PACKAGE` if its kernels are not where they should
 * be, `INVALID_OPTION` if there is no such engine.
 */
export async function openEngine(choice: PageEngine = 'auto', options: EngineOptions = {}): Promise<Engine> {
  if (!PAGE_ENGINES.includes(choice)) {
    const data = { option: 'engine', given: choice, hint: `Choose one of ${PAGE_ENGINES.join(', ')}` };
    throw new EvopatchError('INVALID_OPTION', 'there is no such engine', data);
  }
  const [, variant = WebAssembly.validate(RELAXED_PROBE) ? 'relaxed' : 'simd'] = choice.split(':');
  const bytes = await fetchKernels(variant as keyof KernelFiles, options.kernels);
  try {
    return wasmEngine(await WebAssembly.compile(bytes), variant);
  } catch (cause) {
    const hint =
      "Use 'auto' in a browser with SIMD in WebAssembly: Chrome 91, Firefox 89, Safari 16.4 or later";
    const data = { option: 'engine', given: choice, hint };
    throw new EvopatchError('ENGINE_UNAVAILABLE', 'this browser does not run these kernels', data, cause);
  }
}

async function fetchKernels(variant: keyof KernelFiles, files?: KernelFiles): Promise<ArrayBuffer> {
  let address: string | undefined;
  try {
    address = `${files?.[variant] ?? BESIDE[variant]()}`;
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return await response.arrayBuffer();
  } catch (cause) {
    const hint =
      "Serve dist/kernels/predict-*.wasm of evopatch and name their addresses in the option 'kernels'.";
    const problem = `the kernels '${variant}' cannot be loaded`;
    throw new EvopatchError('MISSING_PACKAGE', problem, { file: address, hint }, cause);
  }
}
