// Builds the whole package into dist/: TypeScript, kernels for WebAssembly, the native add-on, the examples.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buildKernels } from './build-kernels.js';

const root = new URL('..', import.meta.url);

function tsc(project) {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', project], { cwd: root, stdio: 'inherit' });
}

tsc('tsconfig.build.json');
const pageScript = 'report/page/script.js';
copyFileSync(new URL(`src/${pageScript}`, root), new URL(`dist/${pageScript}`, root));
await buildKernels();
if (existsSync(new URL('examples/tsconfig.json', root))) tsc('examples/tsconfig.json');
