// Compiles kernels/ to WebAssembly (always) and to a native add-on (where a C compiler is found), unless both are up
// to date. EVOPATCH_CC names the compiler; set it to 'none' to do without.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const kernels = join(root, 'kernels');
const output = join(root, 'dist', 'kernels');

const WASM_VARIANTS = {
  relaxed: ['-msimd128', '-mrelaxed-simd'],
  simd: ['-msimd128'],
};
/** The files of each variant: one with all kernels, and one with those that pages need, of half the size. */
const WASM_FILES = { '': [], 'predict-': ['-DPREDICTION_ONLY', '-Wno-unused-function'] };

/** @param build of `src/nn/build-native.ts`, compiled */
export async function buildKernels({ buildNative, findCompiler, KERNEL_FLAGS }) {
  await mkdir(output, { recursive: true });
  const stamp = await sourceHash(await findCompiler());
  const stampFile = join(output, 'stamp');
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return;
  await buildWasm(KERNEL_FLAGS);
  await buildNative().catch(({ message }) => console.log(`evopatch: ${message}`));
  await writeFile(stampFile, stamp);
}

async function sourceHash(compiler = 'none') {
  const hash = createHash('sha256').update(`${compiler} ${process.arch} ${process.platform}`);
  for (const file of [fileURLToPath(import.meta.url), join(root, 'src/nn/build-native.ts')])
    hash.update(await readFile(file));
  for (const file of (await readdir(kernels)).sort())
    hash.update(file).update(await readFile(join(kernels, file)));
  return hash.digest('hex');
}

async function buildWasm(common) {
  const { runClang } = await import('@yowasp/clang');
  await runClang(null, {}, { fetchProgress: () => undefined }); // loads the compiler, without progress output
  const sources = {};
  for (const file of await readdir(kernels)) sources[file] = await readFile(join(kernels, file), 'utf8');
  for (const [variant, flags] of Object.entries(WASM_VARIANTS)) {
    for (const [prefix, contents] of Object.entries(WASM_FILES)) {
      const name = `${prefix}${variant}.wasm`;
      const link = ['-nostdlib', '-Wl,--no-entry', '-Wl,--import-memory', '-Wl,--export=__heap_base'];
      const argv = [
        'clang',
        '--target=wasm32-wasip1',
        ...common,
        '-mbulk-memory',
        ...flags,
        ...contents,
        ...link,
      ];
      const variantFlags = [`-DVARIANT=${variant}`, `-Wl,--export=evopatch_run_${variant}`];
      const messages = [];
      const log = (bytes) => bytes && messages.push(Buffer.from(bytes).toString());
      try {
        const built = await runClang([...argv, ...variantFlags, 'kernels.c', '-o', name], sources, {
          stdout: log,
          stderr: log,
        });
        await writeFile(join(output, name), built[name]);
      } catch (cause) {
        throw new Error(`the WebAssembly kernels (${name}) do not compile:\n${messages.join('')}`, {
          cause,
        });
      }
    }
  }
}
