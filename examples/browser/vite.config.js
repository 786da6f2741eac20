import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

// The model that the page starts with is made once.
if (!existsSync(at('generated/drawn-faces.safetensors'))) {
  execFileSync(process.execPath, [at('train-model.js')], { stdio: 'inherit' });
}

export default defineConfig({
  root: at('.'),
  base: './', // so that the built page works in any folder of a server
  build: { outDir: at('../../build/demo'), emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0 },
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['face-api.js'] }, // it is one module already
});
