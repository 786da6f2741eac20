import { EvopatchError } from '../core/errors.ts';
import type { Engine } from './arena.ts';
import { availableNativeVariants, nativeEngine, nativeWasBuilt } from './native-engine.ts';
import { TFJS_ENGINES, type TfjsEngineName, tfjsEngine } from './tfjs/tfjs-engine.ts';
import { wasmEngine } from './wasm-engine.ts';
import { availableWasmVariants } from './wasm-kernels.ts';

export type { Arena, Engine } from './arena.ts';

export const ENGINE_NAMES = ['auto', 'native', 'wasm', ...TFJS_ENGINES] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];
/** The name of an engine or of one of its variants, as in 'native:avx2', 'wasm:simd' and 'tfjs-node:tensorflow'. */
export type EngineChoice = EngineName | `native:${string}` | `wasm:${string}` | `${TfjsEngineName}:${string}`;

/**
 * Opens an engine. 'auto' takes the native one if it was built, otherwise WebAssembly; the environment variable
 * `EVOPATCH_ENGINE` replaces 'auto'. 'tfjs-node' and 'tfjs' are TensorFlow.js, the first with its native library.
 *
 * @throws EvopatchError `ENGINE_UNAVAILABLE` if it cannot run here, `INVALID_OPTION` if there is no such engine.
 */
export async function openEngine(choice: EngineChoice | (string & {}) = 'auto'): Promise<Engine> {
  const wanted = choice === 'auto' ? process.env.EVOPATCH_ENGINE || 'auto' : choice;
  const option = wanted === choice ? 'engine' : 'EVOPATCH_ENGINE';
  const [name, variant] = wanted.split(':');
  if (!ENGINE_NAMES.some((known) => known === name)) {
    throw new EvopatchError('INVALID_OPTION', 'there is no such engine', {
      option,
      given: wanted,
      hint: `Choose one of ${ENGINE_NAMES.join(', ')}`,
    });
  }
  const tfjs = TFJS_ENGINES.find((known) => known === name);
  if (tfjs !== undefined) return tfjsEngine(tfjs, variant);
  const failures: string[] = [];
  const native = name === 'wasm' ? [] : availableNativeVariants((reason) => failures.push(reason));
  if (name === 'native' || (name === 'auto' && native.length > 0)) {
    const names = native.map((one) => one.name);
    return nativeEngine(native, choose('native', names, variant, option, failures));
  }
  if (name === 'auto') warnOfLostKernels(failures);
  const wasm = await availableWasmVariants();
  const chosen = choose('wasm', [...wasm.keys()], variant, option);
  return wasmEngine(wasm.get(chosen) as object, chosen);
}

let hasWarned = false;

/** Says once that native kernels were built and do not load, which otherwise shows only in the time that everything takes. */
function warnOfLostKernels(failures: readonly string[]): void {
  if (hasWarned || !nativeWasBuilt()) return;
  hasWarned = true;
  process.emitWarning(
    `evopatch's native kernels cannot be loaded (${failures.join('; ')}), so WebAssembly runs instead; 'evopatch build' compiles them again`,
    { code: 'EVOPATCH_NATIVE' },
  );
}

function choose(
  name: string,
  available: readonly string[],
  wanted: string | undefined,
  option: string,
  failures: readonly string[] = [],
): string {
  const chosen = wanted ?? available[0];
  if (chosen !== undefined && available.includes(chosen)) return chosen;
  const problem = [`the engine '${name}' cannot run here`, ...failures].join(': ');
  throw new EvopatchError('ENGINE_UNAVAILABLE', problem, {
    option,
    given: wanted === undefined ? name : `${name}:${wanted}`,
    hint:
      available.length > 0
        ? `Available here: ${available.map((one) => `${name}:${one}`).join(', ')}`
        : "Run 'evopatch build' with a C compiler for 'native', or use 'auto'",
  });
}
