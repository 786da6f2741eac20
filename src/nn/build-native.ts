import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { EvopatchError } from '../core/errors.ts';
import { ownUrl, packageRoot } from '../core/package-files.ts';
import { BUILT_MARK, NATIVE_FILE } from './native-engine.ts';

const run = promisify(execFile);

/** Compiler flags that every target of the kernels shares; its arithmetic depends on them. */
export const KERNEL_FLAGS = ['-std=gnu11', '-O3', '-ffp-contract=off', '-fno-math-errno', '-Wall', '-Wextra'];

/** Flags of each instruction set, by processor. */
export const NATIVE_VARIANTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  x64: {
    avx512: ['-mavx512f', '-mavx512bw', '-mavx512dq', '-mavx512vl', '-mfma'],
    avx2: ['-mavx2', '-mfma'],
    fma128: ['-mavx', '-mfma'],
    sse2: ['-msse2'],
  },
  arm64: { neon: [] },
};

export interface NativeBuild {
  /** The add-on. */
  readonly file: string;
  readonly compiler: string;
  /** Names of the instruction sets in it. */
  readonly variants: string[];
}

/**
 * Compiles the kernels for this system, in place of those of an earlier build. `EVOPATCH_CC` names the compiler, and 'none'
 * does without one.
 *
 * @throws EvopatchError `ENGINE_UNAVAILABLE` if there is no compiler, it fails, or there are no kernels for the processor;
 * `FILE_SYSTEM` if the folder of the package cannot be written.
 */
export async function buildNative(): Promise<NativeBuild> {
  const root = packageRoot();
  const variants = NATIVE_VARIANTS[process.arch];
  if (root === undefined || variants === undefined || process.platform === 'win32') {
    throw unavailable(`there are no native kernels for ${process.platform}-${process.arch}`);
  }
  const file = join(root, 'dist', NATIVE_FILE);
  await rm(join(root, 'dist', BUILT_MARK), { force: true });
  await rm(file, { force: true });
  const compiler = await findCompiler();
  if (compiler === undefined) throw unavailable('no C compiler was found');
  const folder = await mkdtemp(join(tmpdir(), 'evopatch-kernels-'));
  try {
    const built = join(folder, 'native.node');
    await compile(compiler, join(root, 'kernels'), variants, folder, built);
    await mkdir(join(root, 'dist/kernels'), { recursive: true });
    await writeFileAtomic(file, await readFile(built));
    await writeFile(join(root, 'dist', BUILT_MARK), `${compiler}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { file, compiler, variants: Object.keys(variants) };
}

/** Finds the compiler that `buildNative` runs; `undefined` if there is none. */
export async function findCompiler(): Promise<string | undefined> {
  const { EVOPATCH_CC: own } = process.env;
  for (const name of own === 'none' ? [] : [own, 'cc', 'gcc', 'clang']) {
    if (name && (await run(name, ['--version']).catch(() => undefined))) return name;
  }
  return undefined;
}

async function compile(
  compiler: string,
  sources: string,
  variants: Readonly<Record<string, readonly string[]>>,
  folder: string,
  built: string,
): Promise<void> {
  const { include_dir: headers } = createRequire(ownUrl())('node-api-headers') as { include_dir: string };
  try {
    const objects = await Promise.all(
      Object.entries(variants).map(async ([variant, flags]) => {
        const object = join(folder, `${variant}.o`);
        const own = [...KERNEL_FLAGS, '-fPIC', ...flags, `-DVARIANT=${variant}`];
        await run(compiler, [...own, '-c', join(sources, 'kernels.c'), '-o', object]);
        return object;
      }),
    );
    const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
    const linked = [...shared, join(sources, 'addon.c'), ...objects, '-o', built];
    await run(compiler, ['-O2', '-fPIC', '-I', headers, ...linked]);
  } catch (cause) {
    const { stderr, message } = cause as Error & { stderr?: string };
    const reason = (stderr ?? message).trim().split('\n').slice(0, 3).join(' | ');
    throw unavailable(`the native kernels do not compile (${reason})`, cause);
  }
}

function unavailable(problem: string, cause?: unknown): EvopatchError {
  const hint =
    'Everything runs on WebAssembly all the same. For training at two to three times its speed install a C compiler (Debian: gcc, libc6-dev), or name one in EVOPATCH_CC';
  return new EvopatchError('ENGINE_UNAVAILABLE', problem, { hint }, cause);
}
