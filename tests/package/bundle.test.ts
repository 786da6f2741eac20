import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { rolldown } from 'rolldown';
import { build as buildByVite } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untrainedModel } from '../../src/bench/untrained-model.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { installPacked, type PackedProject } from './packed.ts';

const PROGRAM = `
import { loadModel } from 'evopatch';
const main = async () => {
  const model = await loadModel(process.argv[2], { engine: 'wasm' });
  const frame = new Uint8Array(model.frame.size ** 2).map((_, i) => i % 251);
  console.log(model.predictFrames(frame).length);
};
main().catch(({ code, message }) => console.log(code, message));
`;

let project: PackedProject;
let alone: string;
beforeAll(async () => {
  project = installPacked(mkdtempSync(join(tmpdir(), 'evopatch-test-')));
  alone = mkdtempSync(join(tmpdir(), 'evopatch-test-'));
  writeFileSync(join(project.folder, 'program.js'), PROGRAM);
  await saveModel(join(project.folder, 'model.safetensors'), untrainedModel(await openEngine('wasm')));
}, 300_000);
afterAll(() => {
  for (const folder of [project.folder, alone]) rmSync(folder, { recursive: true, force: true });
});

type Bundler = (file: string, format: 'es' | 'cjs', external: string[]) => Promise<void>;

const byRolldown: Bundler = async (file, format, external) => {
  const input = join(project.folder, 'program.js');
  const bundle = await rolldown({
    input,
    cwd: project.folder,
    platform: 'node',
    external,
    logLevel: 'silent',
  });
  await bundle.write({ file, format, codeSplitting: false });
  await bundle.close();
};

/** Vite for servers: it keeps packages external unless told to inline them all. */
const byVite: Bundler = async (file, format, external) => {
  await buildByVite({
    root: project.folder,
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: external.length === 0 || undefined, external },
    build: {
      ssr: 'program.js',
      outDir: dirname(file),
      emptyOutDir: false,
      rolldownOptions: { output: { format, entryFileNames: basename(file), codeSplitting: false } },
    },
  });
};

const byEsbuild: Bundler = async (file, format, external) => {
  await build({
    absWorkingDir: project.folder,
    entryPoints: ['program.js'],
    outfile: file,
    format: format === 'es' ? 'esm' : 'cjs',
    platform: 'node',
    bundle: true,
    external,
    logLevel: 'silent',
    ...(format === 'es' ? { banner: { js: REQUIRE } } : {}),
  });
};
/** Gives a module the `require` that CommonJS packages in it call. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`;

describe.each([
  ['es', 'mjs', 'rolldown', byRolldown],
  ['cjs', 'cjs', 'rolldown', byRolldown],
  ['es', 'mjs', 'vite', byVite],
  ['cjs', 'cjs', 'vite', byVite],
  ['es', 'mjs', 'esbuild', byEsbuild],
  ['cjs', 'cjs', 'esbuild', byEsbuild],
] as const)('a bundle as %s (.%s) by %s', (format, ending, bundler, bundle) => {
  const run = async (file: string) => (await project.node([file, 'model.safetensors'])).stdout.trim();

  it.each([
    ['external', ['evopatch']],
    ['inlined', []],
  ])('works with evopatch %s', async (name, external) => {
    const file = join(project.folder, `out/${bundler}-${name}.${ending}`);
    await bundle(file, format, external);
    expect(await run(file)).toBe('7');
  });

  it('works on its own with the kernels beside it, and says so without', async () => {
    const file = join(alone, `${bundler}-${format}/program.${ending}`);
    cpSync(join(project.folder, `out/${bundler}-inlined.${ending}`), file);
    expect(await run(file)).toMatch(
      /^MISSING_PACKAGE .*dist\/kernels\/relaxed\.wasm.*external.*'evopatch' beside/,
    );
    const kernels = join(alone, `${bundler}-${format}`, 'evopatch/kernels');
    mkdirSync(kernels, { recursive: true });
    for (const name of ['relaxed.wasm', 'simd.wasm']) {
      cpSync(join(project.folder, 'node_modules/evopatch/dist/kernels', name), join(kernels, name));
    }
    expect(await run(file)).toBe('7');
  });
});
