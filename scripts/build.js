// Builds the whole package into dist/: TypeScript, kernels for WebAssembly, the native add-on, the examples.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buildKernels } from './build-kernels.js';

const root = new URL('..', import.meta.url);
const start = Date.now();

function tsc(project) {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', project], { cwd: root, stdio: 'inherit' });
}

tsc('tsconfig.build.json');
tsc('tsconfig.browser.json');
for (const script of ['report/page/script.js', 'report/page/live-script.js']) {
  copyFileSync(new URL(`src/${script}`, root), new URL(`dist/${script}`, root));
}
await buildKernels(await import('../dist/nn/build-native.js'));
if (existsSync(new URL('examples/tsconfig.json', root))) tsc('examples/tsconfig.json');

// What an earlier build made of sources that are gone would be packed too; kernels are only built when they change.
const dist = new URL('dist/', root);
for (const name of readdirSync(dist, { recursive: true })) {
  const file = new URL(name, dist);
  const stats = statSync(file);
  if (stats.isFile() && stats.mtimeMs < start && !name.startsWith('kernels')) rmSync(file);
}
