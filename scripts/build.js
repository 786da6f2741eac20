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
for (const script of ['report/page/script.js', 'report/page/live-script.js']) {
  copyFileSync(new URL(`src/${script}`, root), new URL(`dist/${script}`, root));
}
await buildKernels();
if (existsSync(new URL('examples/tsconfig.json', root))) tsc('examples/tsconfig.json');
