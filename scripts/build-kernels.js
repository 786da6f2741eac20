// Compiles kernels/ to WebAssembly (always) and to a native add-on (where a C compiler is found), unless both are up
// to date. EVOPATCH_CC names the compiler; set it to 'none' to do without.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const kernels = join(root, 'kernels');
const output = join(root, 'dist', 'kernels');

const COMMON = ['-std=gnu11', '-O3', '-ffp-contract=off', '-fno-math-errno', '-Wall', '-Wextra'];

const WASM_VARIANTS = {
  relaxed: ['-msimd128', '-mrelaxed-simd'],
  simd: ['-msimd128'],
};

const NATIVE_VARIANTS = {
  x64: {
    avx512: ['-mavx512f', '-mavx512bw', '-mavx512dq', '-mavx512vl', '-mfma'],
    avx2: ['-mavx2', '-mfma'],
    fma128: ['-mavx', '-mfma'],
    sse2: ['-msse2'],
  },
  arm64: { neon: [] },
};

export async function buildKernels() {
  await mkdir(output, { recursive: true });
  const compiler = await findCompiler();
  const stamp = await sourceHash(compiler ?? 'none');
  const stampFile = join(output, 'stamp');
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return;
  await buildWasm();
  await buildNative(compiler);
  await writeFile(stampFile, stamp);
}

async function sourceHash(compiler) {
  const hash = createHash('sha256').update(`${compiler} ${process.arch} ${process.platform}`);
  hash.update(await readFile(fileURLToPath(import.meta.url)));
  for (const file of (await readdir(kernels)).sort())
    hash.update(file).update(await readFile(join(kernels, file)));
  return hash.digest('hex');
}

async function buildWasm() {
  const { runClang } = await import('@yowasp/clang');
  await runClang(null, {}, { fetchProgress: () => undefined }); // loads the compiler, without progress output
  const sources = {};
  for (const file of await readdir(kernels)) sources[file] = await readFile(join(kernels, file), 'utf8');
  for (const [variant, flags] of Object.entries(WASM_VARIANTS)) {
    const name = `${variant}.wasm`;
    const link = ['-nostdlib', '-Wl,--no-entry', '-Wl,--import-memory', '-Wl,--export=__heap_base'];
    const argv = ['clang', '--target=wasm32-wasip1', ...COMMON, '-mbulk-memory', ...flags, ...link];
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
      throw new Error(`the WebAssembly kernels (${variant}) do not compile:\n${messages.join('')}`, {
        cause,
      });
    }
  }
}

async function findCompiler() {
  if (process.env.EVOPATCH_CC === 'none') return undefined;
  for (const name of [process.env.EVOPATCH_CC, 'cc', 'gcc', 'clang']) {
    if (!name) continue;
    const found = await run(name, ['--version']).catch(() => undefined);
    if (found) return name;
  }
  return undefined;
}

async function buildNative(compiler) {
  const addon = join(output, 'native.node');
  await rm(addon, { force: true });
  const variants = NATIVE_VARIANTS[process.arch];
  if (compiler === undefined || variants === undefined || process.platform === 'win32') {
    console.log('evopatch: no native kernels here (no C compiler found); everything runs on WebAssembly.');
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'evopatch-kernels-'));
  try {
    const { include_dir: headers } = await import('node-api-headers');
    const objects = await Promise.all(
      Object.entries(variants).map(async ([variant, flags]) => {
        const object = join(folder, `${variant}.o`);
        const argv = [...COMMON, '-fPIC', ...flags, `-DVARIANT=${variant}`];
        await run(compiler, [...argv, '-c', join(kernels, 'kernels.c'), '-o', object]);
        return object;
      }),
    );
    const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
    const built = join(folder, 'native.node');
    await run(compiler, [
      '-O2',
      '-fPIC',
      '-I',
      headers,
      ...shared,
      join(kernels, 'addon.c'),
      ...objects,
      '-o',
      built,
    ]);
    await writeFile(`${addon}.new`, await readFile(built));
    await rename(`${addon}.new`, addon);
  } catch (error) {
    const reason = String(error.stderr ?? error.message)
      .trim()
      .split('\n')
      .slice(0, 3)
      .join(' | ');
    console.log(`evopatch: the native kernels did not compile (${reason}); everything runs on WebAssembly.`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
