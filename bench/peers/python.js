// The peers' virtual environment.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** PyTorch brings gigabytes of libraries for graphics cards, without which it does not load. */
const PACKAGES = [['torch'], ['jax', 'optax'], ['tensorflow-cpu'], ['onnxruntime']];

/** Makes the environment, unless it exists. @returns its Python */
export function makeEnvironment(folder) {
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  for (const packages of PACKAGES) {
    try {
      const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
      execFileSync(python, [...install, ...packages], { stdio: 'inherit' });
    } catch {
      console.error(`could not install ${packages.at(-1)}`);
    }
  }
  return python;
}

/** Finds which of the peers' packages can be imported. */
export function availableModules(python) {
  const names = ['torch', 'jax', 'tensorflow', 'onnxruntime'];
  return new Set(
    names.filter((name) => {
      try {
        execFileSync(python, ['-c', `import ${name}`], { stdio: 'ignore' });
        return true;
      } catch {
        return false;
      }
    }),
  );
}
