import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EvopatchError } from './errors.ts';

/** The folder with evopatch's files beside a bundle that contains evopatch. */
const FOLDER_BESIDE_BUNDLE = 'evopatch';

/**
 * Finds a file of evopatch: beside the calling module, else in the installed package, else, in a bundle, in the folder `evopatch`
 * beside the bundle.
 *
 * @param name its path in `dist/`, such as 'kernels/simd.wasm'
 * @param beside its URL relative to the calling module; bundlers and file tracers follow only the form `new URL('…',
 * import.meta.url)`
 * @throws EvopatchError `MISSING_PACKAGE` if there is no such file.
 */
export function packageFile(name: string, beside: () => URL): string {
  const root = packageRoot();
  const candidates = [
    fileOf(beside),
    root && join(root, 'dist', name),
    join(dirname(fileURLToPath(ownUrl())), FOLDER_BESIDE_BUNDLE, name),
  ];
  const found = candidates.find((file) => file !== undefined && existsSync(file));
  if (found !== undefined) return found;
  const hint =
    `Install evopatch again. In a bundle, mark evopatch as external, or copy its 'dist' as a folder ` +
    `'${FOLDER_BESIDE_BUNDLE}' beside the bundle. In a checkout: npm run build`;
  throw new EvopatchError('MISSING_PACKAGE', `a file of evopatch is missing: dist/${name}`, { hint });
}

/** Finds the folder of the package, which may import itself by name; in a bundle, the folder of the installed package, if any. */
export function packageRoot(): string | undefined {
  try {
    return dirname(createRequire(ownUrl()).resolve('evopatch/package.json'));
  } catch {
    return undefined;
  }
}

/** Gives the URL of this module, or of the bundle around it; CommonJS has no `import.meta.url`. */
export function ownUrl(): string {
  return import.meta.url ?? pathToFileURL(__filename).href;
}

function fileOf(url: () => URL): string | undefined {
  try {
    return fileURLToPath(url());
  } catch {
    return undefined; // CommonJS, or a bundler that serves files by other URLs
  }
}
